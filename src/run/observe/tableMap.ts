import type { MmId, TableId, Vaddr } from '../../kernel/state/numbers.ts';
import { PTRS_PER_TABLE } from '../../kernel/state/pgtable.ts';

/** Pages that one entry of each level maps, by level; level 1 is the PTE. */
const PAGES_OF_ENTRY: readonly number[] = [0, 1, 512, 512 ** 2, 512 ** 3];

export function pagesOfEntry(level: number): number {
  return PAGES_OF_ENTRY[level] ?? 0;
}

/** Knows where each page table hangs, so that an entry's slot tells its address. */
export class TableMap {
  private readonly mms: MmId[] = [];
  private readonly bases: Vaddr[] = [];

  /** The top-level table of an address space. */
  setRoot(table: TableId, mm: MmId): void {
    this.mms[table] = mm;
    this.bases[table] = 0;
  }

  /** A slot of a table of `level` now points to `child`. */
  attach(slot: number, level: number, child: TableId): void {
    this.mms[child] = this.mmOf(slot);
    this.bases[child] = this.addressOf(slot, level);
  }

  /** The address space that a slot belongs to; 0 for none. */
  mmOf(slot: number): MmId {
    return this.mms[Math.floor(slot / PTRS_PER_TABLE)] ?? 0;
  }

  /** The first page that a slot of a table of `level` maps. */
  addressOf(slot: number, level: number): Vaddr {
    const base = this.bases[Math.floor(slot / PTRS_PER_TABLE)] ?? 0;
    return base + (slot % PTRS_PER_TABLE) * pagesOfEntry(level);
  }
}
