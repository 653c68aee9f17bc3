import { describeArgument } from '../../compile/link/plain.ts';
import type { CallSite } from '../../compile/link/thread.ts';
import { FILE_PAGES } from '../../kernel/state/address_space.ts';
import { dev_pagemap } from '../../kernel/state/dax.ts';
import { wait_exceptional_entry_queue } from '../../kernel/state/dax_wait.ts';
import { cpu } from '../../machine/cpus.ts';
import type { Memory } from '../../machine/memory.ts';
import type { ActorNames } from '../observe/actor.ts';
import type { Observer } from '../observe/observer.ts';
import type { WordNames } from '../report/wordNames.ts';
import { idleReason } from './idleWait.ts';
import type { LockOwners } from './lockOwners.ts';
import type { Obstacle, Stepper } from './stepper.ts';
import type { ThreadSet } from './threadSet.ts';
import { isGone } from './threadState.ts';

/** What one thread waits for, and whom. */
export interface Wait {
  /** What it cannot go on without; null where it would only go round. */
  readonly what: string | null;
  /** `P.A waits for …`. */
  readonly message: string;
  /** Threads that could end the wait; empty when nobody is known to. */
  readonly whom: readonly number[];
}

export interface WaitParts {
  readonly names: ActorNames;
  readonly stepper: Stepper;
  readonly owners: LockOwners | undefined;
  readonly memory: Memory;
  readonly wordNames: WordNames;
  readonly threads: ThreadSet;
  readonly observer: Observer;
}

/** Primitives that wait for a lock, whose word is their first argument, or the one given here. */
const LOCK_PRIMITIVES: Readonly<Record<string, readonly [struct: string, field: string] | null>> = {
  spin_lock: null,
  down_read: null,
  down_write: null,
  vma_write_lock: ['vm_area_struct', 'vm_lock'],
};

/** Primitives that wait for readers, and the word of each CPU that counts how deep it is inside. */
const READERS: Readonly<Record<string, readonly [what: string, nesting: 'rcu_nesting' | 'srcu_nesting']>> = {
  rcu_grace_period_wait: ['RCU readers', 'rcu_nesting'],
  srcu_grace_period_wait: ['SRCU readers', 'srcu_nesting'],
};

/** What is known of a wait besides its place. */
export interface Reason {
  readonly what: string;
  /** Who is in the way, and how; empty when nothing is known of it. */
  readonly because: string;
  readonly whom: readonly number[];
}

/** Says what a thread that cannot step waits for: in which kernel function, for which word, and who is in the way. */
export function waitOf(thread: number, parts: WaitParts): Wait {
  const obstacle = parts.stepper.obstacleOf(thread);
  if (obstacle !== undefined) return waitAt(obstacle, thread, parts);
  const name = parts.names.threadName(thread);
  return { what: null, message: `${name} waits for nothing known`, whom: [] };
}

/** The same of what is in a thread's way, or may be once it is asked. */
export function waitAt(obstacle: Obstacle, thread: number, parts: WaitParts): Wait {
  const name = parts.names.threadName(thread);
  if (obstacle.kind === 'endless') {
    return { what: null, message: `${name} makes no progress: ${obstacle.message}`, whom: [] };
  }
  if (obstacle.kind === 'wait') {
    const { what } = obstacle.request;
    const whom = obstacle.request.whom();
    const missing = whom.map((other) => missingText(other, parts)).join(', ');
    return { what, message: `${name} waits for ${what} (${missing})`, whom };
  }
  const { primitive, args } = obstacle.step;
  const { what, because, whom } = reasonOf(thread, primitive, args, parts);
  const site = obstacle.chain.at(-1);
  const details = [site === undefined ? '' : `in ${placeOf(site)}`, because].filter(
    (detail) => detail !== '',
  );
  return {
    what,
    message: `${name} waits for ${what}${details.length === 0 ? '' : ` (${details.join('; ')})`}`,
    whom,
  };
}

function reasonOf(thread: number, primitive: string, args: readonly unknown[], parts: WaitParts): Reason {
  const lock = lockOf(primitive, args);
  if (lock !== undefined) return lockReason(lock, parts);
  const readers = READERS[primitive];
  if (readers !== undefined) return readersReason(thread, readers, parts);
  if (primitive === 'schedule_until_woken') return idleReason(thread, parts);
  if (primitive === 'schedule_until_entry_wakes') return entryReason(thread, parts);
  const [first, second] = args;
  if (primitive === 'folio_lock') {
    return { what: `the lock of ${parts.wordNames.pageName(Number(first))}`, because: '', whom: [] };
  }
  if (primitive === 'wait_on_freeing_inode') {
    const file = parts.observer.files.nameOf(Number(first));
    return { what: `${file} to be out of memory, which somebody sees to`, because: '', whom: [] };
  }
  if (primitive === 'wait_until_set' && isField(first)) return eventReason(first, Number(second), parts);
  if (primitive === 'flush_tlb_cpu') {
    const target = Number(first);
    const because = `${parts.names.threadName(target)} has interrupts off`;
    return {
      what: `an interrupt that flushes the TLB of ${parts.names.threadName(target)}`,
      because,
      whom: [target],
    };
  }
  return { what: `${primitive}(${args.map(describeArgument).join(', ')})`, because: '', whom: [] };
}

interface Word {
  readonly struct: string;
  readonly field: string;
  readonly index: number;
}

function lockReason({ struct, field, index }: Word, parts: WaitParts): Reason {
  const { names, owners, wordNames, threads } = parts;
  const holders = owners?.holdersOf(struct, field, index) ?? [];
  const because = holders.map(({ thread, site }) => {
    const since = site === undefined ? '' : ` since ${placeOf(site)}`;
    const fate = isGone(threads.state(thread)) ? ' and has ended' : '';
    return `${names.threadName(thread)} holds it${since}${fate}`;
  });
  const nobody = 'nobody who is left holds it';
  return {
    what: wordNames.nameOf(struct, field, index),
    because: because.length === 0 ? nobody : because.join(', '),
    whom: holders.map(({ thread }) => thread),
  };
}

function readersReason(
  thread: number,
  [what, nesting]: readonly [string, 'rcu_nesting' | 'srcu_nesting'],
  { names, memory, threads }: WaitParts,
): Reason {
  const depth = memory.of(cpu)[nesting];
  const whom = threads.states
    .map(({ index }) => index)
    .filter((other) => other !== thread && depth.get(other) !== 0);
  const inside = whom.map((other) => `${names.threadName(other)} is inside`).join(', ');
  return { what, because: inside === '' ? 'nobody is inside' : inside, whom };
}

/** A DAX entry that somebody has locked. */
function entryReason(thread: number, parts: WaitParts): Reason {
  const slot = parts.memory.of(wait_exceptional_entry_queue).key.get(thread);
  const reason = lockReason({ struct: 'i_pages', field: 'entry', index: slot }, parts);
  const file = parts.wordNames.fileName(Math.floor(slot / FILE_PAGES));
  return { ...reason, what: `the DAX entry ${slot % FILE_PAGES} of ${file}` };
}

/** An event that nobody is known to owe: of a pgmap, what its counter stands at says why it does not come. */
function eventReason(
  { struct, name }: { readonly struct: string; readonly name: string },
  index: number,
  { memory, wordNames }: WaitParts,
): Reason {
  const what = `${wordNames.nameOf(struct, name, index)} to be set`;
  if (struct !== 'dev_pagemap') return { what, because: '', whom: [] };
  const { ref, dying } = memory.of(dev_pagemap);
  const left = `${wordNames.nameOf(struct, 'ref', index)} is ${ref.get(index)}`;
  const isDying = dying.get(index) === 0 ? ', and nobody has killed it' : '';
  return { what, because: `${left}${isDying}`, whom: [] };
}

/** Someone who has not come to where others wait. */
function missingText(thread: number, { names, threads }: WaitParts): string {
  const state = threads.state(thread);
  const name = names.threadName(thread);
  if (isGone(state)) return `${name} has ended`;
  return state.status === 'absent' ? `${name} has not begun` : `${name} is missing`;
}

function lockOf(primitive: string, args: readonly unknown[]): Word | undefined {
  const own = LOCK_PRIMITIVES[primitive];
  if (own === undefined) return undefined;
  const [first, second] = args;
  if (own !== null) return { struct: own[0], field: own[1], index: Number(first) };
  return isField(first) ? { struct: first.struct, field: first.name, index: Number(second) } : undefined;
}

function placeOf({ caller, file, line }: CallSite): string {
  return `${caller}, ${file}:${line}`;
}

function isField(candidate: unknown): candidate is { readonly struct: string; readonly name: string } {
  return typeof candidate === 'object' && candidate !== null && 'struct' in candidate && 'name' in candidate;
}
