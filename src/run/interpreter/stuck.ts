import { describeArgument } from '../../compile/link/plain.ts';
import type { ActorNames } from '../observe/actor.ts';
import type { Observer } from '../observe/observer.ts';
import type { LockOwners } from './lockOwners.ts';
import type { Obstacle, Stepper } from './stepper.ts';
import type { ThreadState } from './threadState.ts';

/** Primitives that wait for a lock, whose word is their first argument, or the one given here. */
const LOCK_PRIMITIVES: Readonly<Record<string, readonly [struct: string, field: string] | null>> = {
  spin_lock: null,
  down_read: null,
  down_write: null,
  vma_write_lock: ['vm_area_struct', 'vm_lock'],
};

/** What one thread waits for, and whom. */
interface Wait {
  readonly thread: string;
  readonly what: string;
  /** Threads that could end the wait; empty when nobody is known to. */
  readonly whom: readonly number[];
}

export interface StuckParts {
  readonly names: ActorNames;
  readonly stepper: Stepper;
  readonly owners: LockOwners | undefined;
  readonly observer: Observer;
}

/**
 * No live thread can step. It is a `deadlock` when all that each of them waits for is up to themselves, a lock that
 * they hold or a barrier where they are missing, else a `hang`: somebody waits for what nobody will do.
 */
export function reportStuck(live: readonly ThreadState[], parts: StuckParts): void {
  const waits = live.map(({ index }) => waitOf(index, parts));
  const stuck = live.map(({ index }) => index);
  const isDeadlock = waits.every(
    ({ whom }) => whom.length > 0 && whom.every((other) => stuck.includes(other)),
  );
  const message = waits.map(({ thread, what, whom }) => `${thread} waits for ${what}${heldBy(whom, parts)}`);
  parts.observer.judge.ofMachine(
    isDeadlock ? 'deadlock' : 'hang',
    message.join('; '),
    waits.map(({ thread }) => thread),
  );
}

function waitOf(thread: number, { names, stepper, owners }: StuckParts): Wait {
  const name = names.threadName(thread);
  const obstacle: Obstacle | undefined = stepper.obstacleOf(thread);
  if (obstacle === undefined) return { thread: name, what: 'nothing known', whom: [] };
  if (obstacle.kind === 'wait') {
    const { what, whom } = obstacle.request;
    return { thread: name, what, whom: whom() };
  }
  const { primitive, args } = obstacle.step;
  const lock = lockOf(primitive, args);
  if (lock === undefined) {
    const what = `${primitive}(${args.map(describeArgument).join(', ')})`;
    return { thread: name, what, whom: [] };
  }
  const whom = owners?.ownersOf(lock.struct, lock.field, lock.index) ?? [];
  return { thread: name, what: `${lock.struct}.${lock.field}[${lock.index}]`, whom };
}

function lockOf(
  primitive: string,
  args: readonly unknown[],
): { readonly struct: string; readonly field: string; readonly index: number } | undefined {
  const own = LOCK_PRIMITIVES[primitive];
  if (own === undefined) return undefined;
  const [first, second] = args;
  if (own !== null) return { struct: own[0], field: own[1], index: Number(first) };
  return isField(first) ? { struct: first.struct, field: first.name, index: Number(second) } : undefined;
}

function heldBy(whom: readonly number[], { names }: StuckParts): string {
  return whom.length === 0 ? '' : ` (${whom.map((thread) => names.threadName(thread)).join(', ')})`;
}

function isField(candidate: unknown): candidate is { readonly struct: string; readonly name: string } {
  return typeof candidate === 'object' && candidate !== null && 'struct' in candidate && 'name' in candidate;
}
