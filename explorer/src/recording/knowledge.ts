import { HOLDER_RUNS, holder, holder_run } from '../../../src/kernel/state/holder.ts';
import { declaredStructs } from '../../../src/machine/field.ts';
import type { Assembly } from '../../../src/run/interpreter/assemble.ts';
import { LockOwners } from '../../../src/run/interpreter/lockOwners.ts';
import { waitOf } from '../../../src/run/interpreter/wait.ts';
import type { HeldLock, Knowledge } from './recording.ts';

interface LockWord {
  readonly struct: string;
  readonly field: string;
  readonly index: number;
  readonly value: number;
}

/** Follows what no word of the machine says: who holds locks, who waits, what references are on pages long gone. */
export class KnowledgeKeeper {
  private readonly parts: Assembly;
  private readonly owners: LockOwners;
  private readonly held = new Map<string, LockWord>();
  private readonly generations = new Map<number, readonly [device: number, generation: number]>();
  private last: Knowledge | undefined;
  private lastKey = '';

  constructor(parts: Assembly) {
    const { memory, machine } = parts;
    this.parts = parts;
    this.owners = parts.owners ?? new LockOwners(memory, () => ({ thread: machine.cpu, site: undefined }));
    this.watchLocks();
    this.watchHolders();
  }

  /** What is known now. */
  take(): Knowledge {
    const { observer, threads, stepper, names } = this.parts;
    const live = threads.live().map(({ index }) => index);
    const waiting = live.filter((thread) => stepper.obstacleOf(thread) !== undefined);
    const knowledge: Knowledge = {
      locks: [...this.held.values()].map((lock) => this.lock(lock)),
      waits: waiting.map((index) => ({
        thread: names.threadName(index),
        message: waitOf(index, { ...this.parts, owners: this.owners }).message,
      })),
      pgmapReferences: observer.layout.extents.map(({ device }) => observer.pgmaps.referencesHeld(device)),
      staleHolders: [...this.generations]
        .filter(([, [device, generation]]) => observer.pgmaps.generationOf(device) !== generation)
        .map(([owner]) => owner),
      live,
    };
    const key = JSON.stringify(knowledge);
    if (this.last !== undefined && key === this.lastKey) return this.last;
    this.last = knowledge;
    this.lastKey = key;
    return knowledge;
  }

  private lock({ struct, field, index, value }: LockWord): HeldLock {
    const { wordNames, names } = this.parts;
    const holders = this.owners.holdersOf(struct, field, index).map(({ thread }) => names.threadName(thread));
    return { name: wordNames.nameOf(struct, field, index), holders: [...new Set(holders)], value };
  }

  private watchLocks(): void {
    const { memory } = this.parts;
    for (const { name: struct, fields } of declaredStructs()) {
      for (const [field, { discipline }] of Object.entries(fields)) {
        const bound = memory.named(struct)[field];
        if (discipline !== 'lock' || bound === undefined) continue;
        memory.watch(bound, (index, _before, value) => {
          const key = `${struct}.${field}[${index}]`;
          if (value === 0) this.held.delete(key);
          else this.held.set(key, { struct, field, index, value });
        });
      }
    }
  }

  private watchHolders(): void {
    const { memory, observer } = this.parts;
    memory.watch(memory.of(holder).kind, (owner, _before, kind) => {
      if (kind === 0) this.generations.delete(owner);
    });
    memory.watch(memory.of(holder_run).first, (run, _before, pfn) => {
      const owner = Math.floor(run / HOLDER_RUNS);
      const device = observer.layout.extentOf(pfn)?.device;
      if (device === undefined || this.generations.has(owner)) return;
      this.generations.set(owner, [device, observer.pgmaps.generationOf(device)]);
    });
  }
}
