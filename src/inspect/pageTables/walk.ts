import type { PhysicalAddress, VirtualAddress } from '../memory/addresses.ts';
import { readU64 } from '../memory/littleEndian.ts';
import type { PhysicalMemory } from '../memory/physicalMemory.ts';

/** Levels of the page tables, as the kernel calls them. */
export type Level = 'pgd' | 'p4d' | 'pud' | 'pmd' | 'pte';

/** Where the walk to an address ended. */
export interface WalkedEntry {
  readonly level: Level;
  /** The entry as it stands in the table. */
  readonly value: bigint;
}

/** Page tables of an address space. */
export interface PageTables {
  readonly root: PhysicalAddress;
  /** Whether they have five levels (LA57). */
  readonly hasP4d: boolean;
  /** Bit that encrypted memory sets in entries (SME); 0 when there is none. */
  readonly encryptionMask: bigint;
}

interface LevelShape {
  readonly level: Level;
  /** Address bits below the index of this level. */
  readonly shift: number;
}

const FOUR_LEVELS: readonly LevelShape[] = [
  { level: 'pgd', shift: 39 },
  { level: 'pud', shift: 30 },
  { level: 'pmd', shift: 21 },
  { level: 'pte', shift: 12 },
];

const FIVE_LEVELS: readonly LevelShape[] = [
  { level: 'pgd', shift: 48 },
  { level: 'p4d', shift: 39 },
  { level: 'pud', shift: 30 },
  { level: 'pmd', shift: 21 },
  { level: 'pte', shift: 12 },
];

const PRESENT = 1n;
const PAGE_SIZE_EXTENSION = 1n << 7n;
const FRAME_BITS = 0xf_ffff_ffff_f000n;

/** Address bits that a page mapped at a level leaves to the offset within it. */
export function offsetBits(level: Level): number {
  return FIVE_LEVELS.find((shape) => shape.level === level)?.shift ?? 12;
}

/** Physical address that an entry points to, be it a table or a page of the entry's level. */
export function targetOf(value: bigint): PhysicalAddress {
  return Number(value & FRAME_BITS);
}

/** Whether a walk goes no further than this entry. */
function endsAt(level: Level, value: bigint): boolean {
  if (level === 'pte' || (value & PRESENT) === 0n) return true;
  return (level === 'pmd' || level === 'pud') && (value & PAGE_SIZE_EXTENSION) !== 0n;
}

/**
 * Walks the page tables as the processor does, down to the entry that maps the address or says that nothing does.
 * Undefined when a table on the way is not in the memory: then these are no page tables, or they were freed.
 */
export function walkPageTables(
  memory: PhysicalMemory,
  tables: PageTables,
  address: VirtualAddress,
): WalkedEntry | undefined {
  let table = tables.root;
  for (const { level, shift } of tables.hasP4d ? FIVE_LEVELS : FOUR_LEVELS) {
    const index = Number((address >> BigInt(shift)) & 0x1ffn);
    const bytes = memory.read(table + index * 8, 8);
    if (bytes === undefined) return undefined;
    const value = readU64(bytes, 0) & ~tables.encryptionMask;
    if (endsAt(level, value)) return { level, value };
    table = targetOf(value);
  }
  return undefined;
}

/**
 * Visits what maps each part of a range of addresses, in ascending order: entries that end a walk, each with the part of the range
 * that it stands for. A table that is not in the memory is passed over.
 */
export function walkRange(
  memory: PhysicalMemory,
  tables: PageTables,
  start: VirtualAddress,
  end: VirtualAddress,
  visit: (entry: WalkedEntry, start: VirtualAddress, end: VirtualAddress) => void,
): void {
  const shapes = tables.hasP4d ? FIVE_LEVELS : FOUR_LEVELS;

  function walkTable(table: PhysicalAddress, depth: number, from: VirtualAddress, to: VirtualAddress): void {
    const shape = shapes[depth];
    if (shape === undefined) return;
    const { level, shift } = shape;
    const span = 1n << BigInt(shift);
    const first = Number((from >> BigInt(shift)) & 0x1ffn);
    const count = Number(((to - 1n) >> BigInt(shift)) - (from >> BigInt(shift))) + 1;
    const bytes = memory.read(table + first * 8, count * 8);
    if (bytes === undefined) return;
    let at = from;
    for (let index = 0; index < count; index++) {
      const next = (at & ~(span - 1n)) + span;
      const stop = next < to ? next : to;
      const value = readU64(bytes, index * 8) & ~tables.encryptionMask;
      if (endsAt(level, value)) visit({ level, value }, at, stop);
      else walkTable(targetOf(value), depth + 1, at, stop);
      at = stop;
    }
  }

  if (start < end) walkTable(tables.root, 0, start, end);
}
