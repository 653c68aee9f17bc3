import type { CallSite } from '../../compile/link/thread.ts';
import { DAX_LOCKED, i_pages } from '../../kernel/state/address_space.ts';
import { declaredStructs } from '../../machine/field.ts';
import type { Memory } from '../../machine/memory.ts';

/** A thread that holds a lock. */
export interface LockHolder {
  readonly thread: number;
  /** Where it took the lock; undefined where calls are not followed. */
  readonly site: CallSite | undefined;
}

/**
 * Knows who holds which lock, which lock words do not say: they only count. A lock belongs to the threads that took it
 * and have not released it since.
 */
export class LockOwners {
  private readonly holders = new Map<string, readonly LockHolder[]>();

  /** `current` answers which thread takes the current step, and where. */
  constructor(memory: Memory, current: () => LockHolder) {
    for (const { name: struct, fields } of declaredStructs()) {
      for (const [name, { discipline }] of Object.entries(fields)) {
        const field = memory.named(struct)[name];
        if (discipline !== 'lock' || field === undefined) continue;
        memory.watch(field, (index, before, after) => {
          this.written(keyOf(struct, name, index), before, after, current());
        });
      }
    }
    this.watchEntries(memory, current);
  }

  /** DAX entries are locked by a bit of theirs. */
  private watchEntries(memory: Memory, current: () => LockHolder): void {
    const { entry } = memory.of(i_pages);
    memory.watch(entry, (slot, before, after) => {
      const key = keyOf(entry.struct, entry.name, slot);
      if ((after & DAX_LOCKED) === 0) this.holders.delete(key);
      else if ((before & DAX_LOCKED) === 0) this.holders.set(key, [current()]);
    });
  }

  /** Who holds a lock, in the order in which they took it. */
  holdersOf(struct: string, field: string, index: number): readonly LockHolder[] {
    return this.holders.get(keyOf(struct, field, index)) ?? [];
  }

  private written(key: string, before: number, after: number, holder: LockHolder): void {
    const holders = this.holders.get(key) ?? [];
    if (after === 0) {
      this.holders.delete(key);
    } else if (before === 0 || after > before) {
      this.holders.set(key, [...holders, holder]);
    } else if (after < before) {
      const at = holders.findIndex(({ thread }) => thread === holder.thread);
      this.holders.set(key, at < 0 ? holders : holders.toSpliced(at, 1));
    }
  }
}

function keyOf(struct: string, field: string, index: number): string {
  return `${struct}.${field}[${index}]`;
}
