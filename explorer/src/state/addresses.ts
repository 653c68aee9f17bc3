import { mm_struct } from '../../../src/kernel/state/mm.ts';
import {
  PTRS_PER_TABLE,
  pgd_table,
  pmd_table,
  pte_table,
  pud_table,
} from '../../../src/kernel/state/pgtable.ts';
import type { Program } from '../../../src/litmus/index.ts';
import type { Memory } from '../../../src/machine/memory.ts';
import { PAGE_SIZE } from '../../../src/machine/primitives/bytes.ts';
import { isLeaf, tableOf } from '../../../src/run/observe/entry.ts';
import { pagesOfEntry } from '../../../src/run/observe/tableMap.ts';
import { process } from '../../../src/run/state/process.ts';
import { Registers } from '../../../src/run/state/registers.ts';

/** A process that has an address space. */
export interface AddressSpace {
  readonly process: number;
  readonly name: string;
  readonly mm: number;
  /** Its top-level table. */
  readonly pgd: number;
}

/** An entry that is not empty, and where it stands. */
export interface PlacedEntry {
  /** 1 = PTE … 4 = PGD. */
  readonly level: number;
  /** Number of the table, and position in it. */
  readonly table: number;
  readonly position: number;
  /** First page that it maps. */
  readonly address: number;
  readonly entry: number;
  readonly isLeaf: boolean;
}

const TABLES = [pte_table, pmd_table, pud_table, pgd_table];
const TOP_LEVEL = TABLES.length;

/** The processes that have an address space in this state. */
export function addressSpaces(program: Program, memory: Memory): AddressSpace[] {
  const mms = memory.of(process).mm;
  const { pgd } = memory.of(mm_struct);
  return program.processes
    .map(({ index, name }) => ({ process: index, name, mm: mms.get(index), pgd: pgd.get(mms.get(index)) }))
    .filter(({ mm }) => mm !== 0);
}

/** The entries of one table that are not empty. */
export function entriesOf(memory: Memory, table: number, level: number, base: number): PlacedEntry[] {
  const struct = TABLES[level - 1];
  if (struct === undefined || table === 0) return [];
  const { entry } = memory.of(struct as typeof pte_table);
  const first = table * PTRS_PER_TABLE;
  return memory.touchedIn(struct, first, first + PTRS_PER_TABLE).flatMap((slot) => {
    const value = entry.get(slot);
    if (value === 0) return [];
    const position = slot - first;
    const address = base + position * pagesOfEntry(level);
    return [{ level, table, position, address, entry: value, isLeaf: isLeaf(value, level) }];
  });
}

/** The table that an entry points to. */
export function tableBelow({ entry }: PlacedEntry): number {
  return tableOf(entry);
}

/** All leaves of an address space, in order of their addresses. */
export function leavesOf(memory: Memory, { pgd }: AddressSpace): PlacedEntry[] {
  return leavesBelow(memory, pgd, TOP_LEVEL, 0);
}

function leavesBelow(memory: Memory, table: number, level: number, base: number): PlacedEntry[] {
  return entriesOf(memory, table, level, base).flatMap((entry) => {
    if (entry.isLeaf) return [entry];
    return level === 1 ? [] : leavesBelow(memory, tableBelow(entry), level - 1, entry.address);
  });
}

/** `m[3]`: an address of a process by the mapping that it lies in; by number where there is none. */
export function addressName(program: Program, memory: Memory, owner: number, address: number): string {
  const registers = new Registers(memory);
  for (const [slot, { kind, name }] of program.processes[owner]?.registers.entries() ?? []) {
    if (kind !== 'mapping') continue;
    const mapping = registers.read({ process: owner, slot });
    const offset = address - mapping.address / PAGE_SIZE;
    if (offset >= 0 && offset * PAGE_SIZE < mapping.length) return `${name}[${offset}]`;
  }
  return hexadecimal(address);
}

/** The first byte of a page. */
export function hexadecimal(address: number): string {
  return `0x${(address * PAGE_SIZE).toString(16)}`;
}
