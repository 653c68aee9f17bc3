import { dev_pagemap } from '../../kernel/state/dax.ts';
import { mm_struct } from '../../kernel/state/mm.ts';
import type { Entry, MmId, TableId, Vaddr } from '../../kernel/state/numbers.ts';
import { PTRS_PER_TABLE, pgd_table, pmd_table, pte_table, pud_table } from '../../kernel/state/pgtable.ts';
import { SLOTS_MM, slots } from '../../kernel/state/slots.ts';
import type { Scheme } from '../../litmus/index.ts';
import type { Memory } from '../../machine/memory.ts';
import { frameOf, isLeaf, tableOf } from '../observe/entry.ts';
import { entryFacts } from '../observe/entryFacts.ts';
import type { Layout } from '../observe/layout.ts';
import { pagesOfEntry } from '../observe/tableMap.ts';
import { VmaFinder } from '../observe/vmaFinder.ts';
import { entryFlags } from './entryFlags.ts';
import { entryIndex, mappedFreePage } from './mappedFreePage.ts';
import type { StateViolation } from './stateViolations.ts';

const TABLES = [pte_table, pmd_table, pud_table, pgd_table];

/** A leaf of the page tables of an address space, and where it stands. */
interface PlacedLeaf {
  readonly mm: MmId;
  readonly address: Vaddr;
  readonly level: number;
  readonly entry: Entry;
}

/** What the entries of all address spaces break at a quiescent point: pages, places and flags. */
export function entryViolations(memory: Memory, layout: Layout, scheme: Scheme): StateViolation[] {
  const vmas = new VmaFinder(memory);
  const { memmap } = memory.of(dev_pagemap);
  const violations: StateViolation[] = [];
  for (const { mm, address, level, entry } of leavesOf(memory)) {
    const pfn = frameOf(entry);
    const facts = entryFacts({ layout, memmap, vmas, mm, address, level, entry });
    const free = mappedFreePage(facts);
    const misplaced = entryIndex(facts);
    const flags = entryFlags(facts, scheme);
    if (free !== null) violations.push({ property: 'mapped-free-page', message: free, pfn });
    else if (misplaced !== null) violations.push({ property: 'mapping-index', message: misplaced, pfn });
    else if (flags !== null) violations.push({ property: 'entry-flags', message: flags, pfn });
  }
  return violations;
}

function* leavesOf(memory: Memory): Generator<PlacedLeaf> {
  const { pgd } = memory.of(mm_struct);
  const limit = memory.of(slots).highest.get(SLOTS_MM);
  for (let mm: MmId = 1; mm <= limit; mm++) {
    if (pgd.get(mm) !== 0) yield* leavesBelow(memory, mm, pgd.get(mm), TABLES.length, 0);
  }
}

function* leavesBelow(
  memory: Memory,
  mm: MmId,
  table: TableId,
  level: number,
  base: Vaddr,
): Generator<PlacedLeaf> {
  const struct = TABLES[level - 1] as typeof pte_table;
  const { entry } = memory.of(struct);
  const first = table * PTRS_PER_TABLE;
  for (const slot of memory.touchedIn(struct, first, first + PTRS_PER_TABLE)) {
    const value = entry.get(slot);
    const address = base + (slot - first) * pagesOfEntry(level);
    if (isLeaf(value, level)) yield { mm, address, level, entry: value };
    else if (value !== 0 && level > 1) yield* leavesBelow(memory, mm, tableOf(value), level - 1, address);
  }
}
