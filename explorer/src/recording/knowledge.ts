import { HOLDER_RUNS, holder, holder_run } from '../../../src/kernel/state/holder.ts';
import { declaredStructs } from '../../../src/machine/field.ts';
import type { Assembly } from '../../../src/run/interpreter/assemble.ts';
import { LockOwners } from '../../../src/run/interpreter/lockOwners.ts';
import { waitOf } from '../../../src/run/interpreter/wait.ts';
import type { HeldLock, Knowledge, WaitingThread } from './recording.ts';

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
  /** Grows whenever a lock or a holder changes. */
  private version = 0;

  constructor(parts: Assembly) {
    const { memory, machine } = parts;
    this.parts = parts;
    this.owners = parts.owners ?? new LockOwners(memory, () => ({ thread: machine.cpu, site: undefined }));
    this.watchLocks();
    this.watchHolders();
  }

  /** What is known now. */
  take(): Knowledge {
    const { observer, threads, stepper } = this.parts;
    const { extents } = observer.layout;
    const live = threads.live().map(({ index }) => index);
    const waiting = live.filter((thread) => stepper.obstacleOf(thread) !== undefined);
    const references = extents.map(({ device }) => observer.pgmaps.referencesHeld(device));
    const generations = extents.map(({ device }) => observer.pgmaps.generationOf(device));
    const key = [this.version, ...live, '/', ...waiting, '/', ...references, '/', ...generations].join(' ');
    if (this.last !== undefined && key === this.lastKey) return this.last;
    this.lastKey = key;
    this.last = {
      locks: [...this.held.values()].map((lock) => this.lock(lock)),
      waits: waiting.map((thread) => this.wait(thread)),
      pgmapReferences: references,
      staleHolders: [...this.generations]
        .filter(([, [device, generation]]) => generations[device] !== generation)
        .map(([owner]) => owner),
      live,
    };
    return this.last;
  }

  private wait(index: number): WaitingThread {
    const { message } = waitOf(index, { ...this.parts, owners: this.owners });
    return { thread: this.parts.names.threadName(index), message };
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
          this.version++;
          if (value === 0) this.held.delete(key);
          else this.held.set(key, { struct, field, index, value });
        });
      }
    }
  }

  private watchHolders(): void {
    const { memory, observer } = this.parts;
    memory.watch(memory.of(holder).kind, (owner, _before, kind) => {
      this.version++;
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
