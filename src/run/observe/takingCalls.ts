import type { MmId } from '../../kernel/state/numbers.ts';
import { CPU_LIMIT, cpu, TLB_STRIDE, type TlbSlot } from '../../machine/cpus.ts';
import { defineStruct, type Field, type Struct } from '../../machine/field.ts';
import type { Memory } from '../../machine/memory.ts';

/** Stands for every address space. */
export const EVERY_MM = -1;

/** TLB slots of all CPUs together. */
const SLOTS: number = CPU_LIMIT * TLB_STRIDE;

export const taking_call: Struct<number, 'mm'> = defineStruct<number, 'mm'>(
  'taking_call',
  { doc: 'the system call of one thread that takes translations away' },
  { mm: { doc: 'address space that it takes them from, -1 for every one; 0 while there is no such call' } },
);

/** Numbered `thread * SLOTS + slot`. */
export const newer_translation: Struct<number, 'known'> = defineStruct<number, 'known'>(
  'newer_translation',
  { doc: 'a TLB slot and a thread in a call that takes translations away' },
  { known: { doc: '1 if the slot was filled since the call began' } },
);

/**
 * The system calls under way that take translations away. A call answers for what it found: a translation that was
 * cached after it began may be taken away by another call, which flushes it in its own time.
 */
export class TakingCalls {
  private readonly memory: Memory;
  private readonly cpus: number;
  private readonly calls: Field;
  private readonly newer: Field;
  private readonly addressSpaces: Field;

  constructor(memory: Memory, cpus: number) {
    this.memory = memory;
    this.cpus = cpus;
    this.calls = memory.of(taking_call).mm;
    this.newer = memory.of(newer_translation).known;
    this.addressSpaces = memory.of(cpu).address_space;
  }

  begin(thread: number, mm: MmId): void {
    this.calls.set(thread, mm);
  }

  end(thread: number): void {
    this.calls.set(thread, 0);
    const first = thread * SLOTS;
    for (const index of this.memory.touchedIn(newer_translation, first, first + SLOTS)) {
      this.newer.set(index, 0);
    }
  }

  /** A CPU caches a translation. */
  filled(slot: TlbSlot): void {
    const target = Math.floor(slot / TLB_STRIDE);
    const mm = this.addressSpaces.get(target);
    for (let thread = 0; thread < this.cpus; thread++) {
      if (thread !== target && this.calls.get(thread) === mm) this.newer.set(thread * SLOTS + slot, 1);
    }
  }

  /** Whether it may be another call that has yet to flush what stands in a slot, rather than the thread's own. */
  isAnothers(thread: number, slot: TlbSlot): boolean {
    if (this.newer.get(thread * SLOTS + slot) === 0) return false;
    const mm = this.calls.get(thread);
    for (let other = 0; other < this.cpus; other++) {
      const taken = other === thread ? 0 : this.calls.get(other);
      if (taken === mm || taken === EVERY_MM) return true;
    }
    return false;
  }
}
