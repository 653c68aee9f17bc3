import { dev_pagemap } from '../../kernel/state/dax.ts';
import { mm_struct } from '../../kernel/state/mm.ts';
import type { Entry, Pfn } from '../../kernel/state/numbers.ts';
import { pgd_table, pmd_table, pte_table, pud_table } from '../../kernel/state/pgtable.ts';
import type { Scheme } from '../../litmus/index.ts';
import type { Memory } from '../../machine/memory.ts';
import { entryFlags } from '../properties/entryFlags.ts';
import { entryIndex, mappedFreePage } from '../properties/mappedFreePage.ts';
import type { Actor } from './actor.ts';
import { frameOf, hasFlag, isLeaf, tableOf } from './entry.ts';
import { entryFacts } from './entryFacts.ts';
import type { FileMap, FilePage } from './fileMap.ts';
import type { Judge } from './judge.ts';
import { type Layout, NOWHERE } from './layout.ts';
import { TableMap } from './tableMap.ts';
import type { Trail } from './trail.ts';
import { ENTRIES, type UnitWords } from './unitWords.ts';

import { RememberingVmaFinder, type VmaFinder } from './vmaFinder.ts';

export interface EntryWatchParts {
  readonly memory: Memory;
  readonly layout: Layout;
  readonly words: UnitWords;
  readonly trail: Trail;
  readonly judge: Judge;
  readonly scheme: Scheme;
  readonly files: FileMap;
  /** Told of each entry that now maps a page of a file. */
  readonly mapped?: (page: FilePage) => void;
  /** Who took the struct page of a frame away. */
  readonly removerOf: (pfn: Pfn) => Actor;
}

/** Counts the entries that map each folio, and judges each entry as it is written. */
export class EntryWatch {
  private readonly parts: EntryWatchParts;
  /** Where each page table hangs. */
  readonly tables: TableMap = new TableMap();
  readonly vmas: VmaFinder;
  private readonly memmap: (typeof dev_pagemap)['memmap'];

  constructor(parts: EntryWatchParts) {
    const { memory } = parts;
    this.parts = parts;
    this.vmas = new RememberingVmaFinder(memory);
    this.memmap = memory.of(dev_pagemap).memmap;
    [pte_table, pmd_table, pud_table, pgd_table].forEach((table, index) => {
      const level = index + 1;
      memory.watch(memory.of(table as typeof pte_table).entry, (slot, before, after) => {
        this.written(level, slot, before, after);
      });
    });
    memory.watch(memory.of(mm_struct).pgd, (mm, _before, after) => {
      if (after !== 0) this.tables.setRoot(after, mm);
    });
  }

  private written(level: number, slot: number, before: Entry, after: Entry): void {
    const mappedBefore = isLeaf(before, level) ? frameOf(before) : NOWHERE;
    if (!isLeaf(after, level)) {
      if (after !== 0 && level > 1) this.tables.attach(slot, level, tableOf(after));
      if (mappedBefore !== NOWHERE) this.count(mappedBefore, -1);
      return;
    }
    const mapped = frameOf(after);
    if (mapped !== mappedBefore) {
      if (mappedBefore !== NOWHERE) this.count(mappedBefore, -1);
      this.count(mapped, 1);
    }
    this.judgeEntry(level, slot, mapped, after, mapped !== mappedBefore, before);
  }

  private count(pfn: Pfn, difference: number): void {
    const unit = this.parts.layout.unitOf(pfn);
    if (unit === NOWHERE) return;
    this.parts.words.add(unit, ENTRIES, difference);
    this.parts.trail.touch(unit);
  }

  /**
   * The processor sets accessed and dirty bits in an entry whose mapping is just being taken away: where only those
   * change, the mapping is not asked.
   */
  private judgeEntry(
    level: number,
    slot: number,
    pfn: Pfn,
    entry: Entry,
    isNew: boolean,
    before: Entry,
  ): void {
    const { judge, scheme, trail, removerOf } = this.parts;
    const asksMapping = isNew || (hasFlag(entry, 'rw') && !hasFlag(before, 'rw'));
    const { layout, files, mapped } = this.parts;
    const mm = this.tables.mmOf(slot);
    const address = this.tables.addressOf(slot, level);
    const facts = entryFacts({
      layout,
      files,
      memmap: this.memmap,
      vmas: this.vmas,
      mm,
      address,
      level,
      entry,
    });
    if (mapped !== undefined && facts.mapped.kind === 'file') {
      const file = this.vmas.mappingOf(this.vmas.find(mm, address));
      mapped({ file, index: facts.vmaIndex });
    }
    const wrongPlace = asksMapping ? mappedFreePage(facts) : null;
    if (wrongPlace !== null) {
      judge.ofPage('mapped-free-page', pfn, wrongPlace, [trail.actor, removerOf(pfn)]);
      return;
    }
    const wrongIndex = asksMapping ? entryIndex(facts) : null;
    if (wrongIndex !== null) judge.ofPage('mapping-index', pfn, wrongIndex);
    const wrongFlags = entryFlags(
      asksMapping ? facts : { ...facts, vmaWritable: true, vmaShared: true },
      scheme,
    );
    if (wrongFlags !== null) judge.ofPage('entry-flags', pfn, wrongFlags);
  }
}
