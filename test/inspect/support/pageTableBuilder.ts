import type { Level } from '../../../src/inspect/index.ts';
import type { SparseMemory } from './sparseMemory.ts';

const TABLE = 0x67n; // present, writable, user, accessed, dirty
const HUGE = 0x80n;

/** Index bits of each level, from the top. */
const LEVELS: readonly { readonly level: Level; readonly shift: bigint }[] = [
  { level: 'pgd', shift: 48n },
  { level: 'p4d', shift: 39n },
  { level: 'pud', shift: 30n },
  { level: 'pmd', shift: 21n },
  { level: 'pte', shift: 12n },
];

/** Writes page tables into a memory, as a kernel would. */
export class PageTableBuilder {
  readonly root: number;
  readonly #memory: SparseMemory;
  readonly #allocate: () => number;
  readonly #levels: typeof LEVELS;

  /** @param allocate gives the physical address of a page that is free */
  constructor(memory: SparseMemory, allocate: () => number, hasP4d: boolean, root = allocate()) {
    this.#memory = memory;
    this.#allocate = allocate;
    // With four levels the pgd has the place of the p4d.
    this.#levels = hasP4d
      ? LEVELS
      : LEVELS.slice(1).map(({ level, shift }) => ({ level: level === 'p4d' ? 'pgd' : level, shift }));
    this.root = root;
  }

  /** Writes the entry for an address at a level, and the tables above it. */
  setEntry(address: bigint, level: Level, value: bigint): void {
    let table = this.root;
    for (const step of this.#levels) {
      const slot = table + Number((address >> step.shift) & 511n) * 8;
      if (step.level === level) {
        this.#memory.writeU64(slot, value);
        return;
      }
      table = this.#tableIn(slot);
    }
    throw new Error(`no level ${level}`);
  }

  /** Maps a page: 4 KiB at `pte`, 2 MiB at `pmd`, 1 GiB at `pud`. */
  map(address: bigint, physical: number, level: Level = 'pte', bits = 0x63n): void {
    this.setEntry(address, level, BigInt(physical) | bits | (level === 'pte' ? 0n : HUGE));
  }

  #tableIn(slot: number): number {
    const bytes = this.#memory.read(slot, 8) ?? new Uint8Array(8);
    const present = new DataView(bytes.buffer).getBigUint64(0, true);
    if (present !== 0n) return Number(present & 0xf_ffff_ffff_f000n);
    const table = this.#allocate();
    this.#memory.writeU64(slot, BigInt(table) | TABLE);
    return table;
  }
}
