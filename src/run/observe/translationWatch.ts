import type { Cpu, Entry, MmId, Vaddr } from '../../kernel/state/numbers.ts';
import { cpu, TLB_STRIDE, tlb } from '../../machine/cpus.ts';
import type { Memory } from '../../machine/memory.ts';
import { staleTlb, uncoveredTranslation } from '../properties/staleTlb.ts';
import { frameOf, hasFlag } from './entry.ts';
import type { FolioReader } from './folioReader.ts';
import type { Judge } from './judge.ts';
import { type Layout, NOWHERE } from './layout.ts';
import { leafAt } from './pageTable.ts';
import { pagesOfEntry } from './tableMap.ts';
import { TakingCalls } from './takingCalls.ts';
import { TRANSLATIONS, type UnitWords } from './unitWords.ts';

export interface TranslationWatchParts {
  readonly memory: Memory;
  readonly cpus: number;
  readonly layout: Layout;
  readonly words: UnitWords;
  readonly folios: FolioReader;
  readonly judge: Judge;
}

/** Counts the TLB entries that translate to each folio, and judges their use. */
export class TranslationWatch {
  /** The calls under way that take translations away. */
  readonly calls: TakingCalls;
  private readonly parts: TranslationWatchParts;

  constructor(parts: TranslationWatchParts) {
    this.parts = parts;
    const { memory, cpus } = parts;
    this.calls = new TakingCalls(memory, cpus);
    memory.watch(memory.of(tlb).entry, (slot, before, after) => {
      if (before !== 0) this.count(before, -1);
      if (after === 0) return;
      this.count(after, 1);
      this.calls.filled(slot);
    });
  }

  /** A CPU used a TLB entry. */
  used(entry: Entry): void {
    const { layout, folios, judge } = this.parts;
    const pfn = frameOf(entry);
    const unit = layout.unitOf(pfn);
    if (unit === NOWHERE) return;
    const stale = staleTlb(folios.read(unit));
    if (stale !== null) judge.ofPage('stale-tlb', pfn, stale);
  }

  /**
   * A system call of `thread` that takes translations of `[start, end)` away returns: no CPU of the address space
   * keeps one that it found.
   */
  unmapped(thread: number, mm: MmId, start: Vaddr, end: Vaddr): void {
    const { memory, cpus, judge } = this.parts;
    const addressSpaces = memory.of(cpu).address_space;
    const entries = memory.of(tlb).entry;
    for (let target: Cpu = 0; target < cpus; target++) {
      if (addressSpaces.get(target) !== mm) continue;
      const first = target * TLB_STRIDE;
      for (const slot of memory.touchedIn(tlb, first + start, first + end)) {
        const entry = entries.get(slot);
        if (entry === 0) continue;
        const message = this.judgeTranslation(mm, slot - first, entry);
        if (message !== null && !this.calls.isAnothers(thread, slot))
          judge.ofPage('stale-tlb', frameOf(entry), message);
      }
    }
  }

  private judgeTranslation(mm: MmId, address: Vaddr, entry: Entry): string | null {
    const leaf = leafAt(this.parts.memory, mm, address);
    return uncoveredTranslation({
      pfn: frameOf(entry),
      writable: hasFlag(entry, 'rw'),
      mapped: leaf === null ? NOWHERE : frameOf(leaf.entry) + (address % pagesOfEntry(leaf.level)),
      mappedWritable: leaf !== null && hasFlag(leaf.entry, 'rw'),
    });
  }

  private count(entry: Entry, difference: number): void {
    const { layout, words } = this.parts;
    const unit = layout.unitOf(frameOf(entry));
    if (unit !== NOWHERE) words.add(unit, TRANSLATIONS, difference);
  }
}
