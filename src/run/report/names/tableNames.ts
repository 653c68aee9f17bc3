import { PTRS_PER_TABLE, ptdesc } from '../../../kernel/state/pgtable.ts';
import { cpu, TLB_STRIDE } from '../../../machine/cpus.ts';
import type { Memory } from '../../../machine/memory.ts';
import { flagNames, frameOf, isLeaf } from '../../observe/entry.ts';
import type { TableMap } from '../../observe/tableMap.ts';
import { lastValues } from './lastValues.ts';
import { addressText, type Places } from './places.ts';
import type { StructNames } from './structNames.ts';

/** The kinds of page tables, and the levels of their entries. */
const LEVELS: readonly (readonly [struct: string, name: string, level: number])[] = [
  ['pte_table', 'pte', 1],
  ['pmd_table', 'pmd', 2],
  ['pud_table', 'pud', 3],
  ['pgd_table', 'pgd', 4],
];

/** Flags of an entry that tell nothing where it maps a page of a device. */
const ORDINARY_FLAGS: readonly string[] = ['present', 'user', 'nx'];

/** Page tables and TLBs. */
export function tableNames(places: Places, memory: Memory, tables: TableMap): Record<string, StructNames> {
  const lastMm = lastValues(memory, memory.of(cpu).address_space);
  const lastLevel = lastValues(memory, memory.of(ptdesc).level);
  const entries = LEVELS.map(([struct, name, level]): [string, StructNames] => [
    struct,
    {
      word: (slot) => places.address(tables.mmOf(slot), tables.addressOf(slot, level), name),
      value: (entry) => entryText(entry, level, places),
    },
  ]);
  return {
    ...Object.fromEntries(entries),
    ptdesc: {
      word: (table, field) => {
        const slot = table * PTRS_PER_TABLE;
        if (field === 'level') return `table ${table}`;
        const page = tables.addressOf(slot, lastLevel(table));
        return `${places.mm(tables.mmOf(slot))}.${field} ${addressText(page)}`;
      },
      value: (value, field) => (field === 'level' ? (LEVELS[value - 1]?.[1] ?? 'free') : value),
    },
    tlb: {
      word: (slot) => {
        const thread = Math.floor(slot / TLB_STRIDE);
        return `tlb ${places.thread(thread)} ${places.address(lastMm(thread), slot % TLB_STRIDE, 'page')}`;
      },
      value: (entry) => entryText(entry, 1, places),
    },
  };
}

/** Whether an entry changed only in which table it points to. */
export function isTableChange(struct: string, before: number, after: number): boolean {
  const level = LEVELS.find(([name]) => name === struct)?.[2];
  return level !== undefined && !isLeaf(before, level) && !isLeaf(after, level);
}

function entryText(entry: number, level: number, places: Places): string {
  if (entry === 0) return 'none';
  if (!isLeaf(entry, level)) return `table ${frameOf(entry)}`;
  const flags = flagNames(entry).filter((name) => !ORDINARY_FLAGS.includes(name));
  return [places.frame(frameOf(entry)), ...flags].join(' ');
}
