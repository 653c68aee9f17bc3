import { declaredStructs } from '../../machine/field.ts';
import type { Memory } from '../../machine/memory.ts';

/**
 * Knows who holds which lock, which lock words do not say: they only count. A lock belongs to the threads that took it
 * and have not released it since.
 */
export class LockOwners {
  private readonly owners = new Map<string, number[]>();

  /** `thread` answers which thread takes the current step. */
  constructor(memory: Memory, thread: () => number) {
    for (const { name: struct, fields } of declaredStructs()) {
      for (const [name, { discipline }] of Object.entries(fields)) {
        const field = memory.named(struct)[name];
        if (discipline !== 'lock' || field === undefined) continue;
        memory.watch(field, (index, before, after) => {
          this.written(keyOf(struct, name, index), before, after, thread());
        });
      }
    }
  }

  /** Threads that hold a lock. */
  ownersOf(struct: string, field: string, index: number): readonly number[] {
    return this.owners.get(keyOf(struct, field, index)) ?? [];
  }

  private written(key: string, before: number, after: number, thread: number): void {
    const owners = this.owners.get(key) ?? [];
    if (after === 0) {
      this.owners.delete(key);
    } else if (before === 0 || after > before) {
      this.owners.set(key, [...owners, thread]);
    } else if (after < before) {
      const at = owners.indexOf(thread);
      this.owners.set(key, at < 0 ? owners : owners.toSpliced(at, 1));
    }
  }
}

function keyOf(struct: string, field: string, index: number): string {
  return `${struct}.${field}[${index}]`;
}
