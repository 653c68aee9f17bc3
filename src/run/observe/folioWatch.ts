import { page } from '../../kernel/state/page.ts';
import type { FieldWatcher, Memory } from '../../machine/memory.ts';
import { freePageReference, referenceTaken } from '../properties/freePageReference.ts';
import { staleTlb } from '../properties/staleTlb.ts';
import type { ChangeLog } from './changeLog.ts';
import type { FolioReader } from './folioReader.ts';
import type { Judge } from './judge.ts';
import { type Layout, NOWHERE, type Unit } from './layout.ts';
import type { Trail } from './trail.ts';
import { TRANSLATIONS, type UnitWords } from './unitWords.ts';

/** No page is idle with more references than this: above it a drop breaks nothing unless a TLB is concerned. */
const HIGHEST_IDLE = 1;

export interface FolioWatchParts {
  readonly memory: Memory;
  readonly layout: Layout;
  readonly words: UnitWords;
  readonly folios: FolioReader;
  readonly trail: Trail;
  readonly judge: Judge;
  /** The changes of the operation that takes the current step. */
  readonly changes: () => ChangeLog;
}

/** Sees every change of a folio's counts: notes it for the report, and judges a reference as it is dropped. */
export class FolioWatch {
  private readonly parts: FolioWatchParts;

  constructor(parts: FolioWatchParts) {
    const { memory, changes } = parts;
    this.parts = parts;
    const { _refcount, _mapcount, _large_mapcount, _pincount, order, mapping, index, share } =
      memory.of(page);
    memory.watch(_refcount, (pfn, before, after) => this.refcountWritten(pfn, before, after));
    const mapcount = this.noting((unit, difference) => changes().addMapcount(unit, difference));
    memory.watch(_large_mapcount, mapcount);
    memory.watch(_mapcount, (pfn, before, after) => {
      if (this.isSmallFolio(pfn)) mapcount(pfn, before, after);
    });
    const other = this.noting((unit, difference) => changes().addOther(unit, difference));
    memory.watch(_pincount, other);
    memory.watch(order, other);
    const place = this.noting(() => {});
    memory.watch(mapping, place);
    memory.watch(index, place);
    memory.watch(share, place);
  }

  private refcountWritten(pfn: number, before: number, after: number): void {
    const unit = this.unitOf(pfn);
    if (unit === NOWHERE) return;
    const { layout, trail, changes, words, folios, judge } = this.parts;
    trail.touch(unit);
    changes().addRefcount(unit, after - before);
    if (after > before) {
      const taken = layout.hasFiles ? referenceTaken(folios.read(unit)) : null;
      if (taken !== null) judge.ofPage('free-page-reference', pfn, taken);
      return;
    }
    if (after > HIGHEST_IDLE && words.get(unit, TRANSLATIONS) === 0) return;
    const folio = folios.read(unit);
    const freed = freePageReference(folio);
    if (freed !== null) judge.ofPage('free-page-reference', pfn, freed);
    const stale = staleTlb(folio);
    if (stale !== null) judge.ofPage('stale-tlb', pfn, stale);
  }

  private noting(note: (unit: Unit, difference: number) => void): FieldWatcher {
    return (pfn, before, after) => {
      const unit = this.unitOf(pfn);
      if (unit === NOWHERE || before === after) return;
      this.parts.trail.touch(unit);
      note(unit, after - before);
    };
  }

  /** Whether a page is a folio by itself: within a large one it keeps a count of its own, which is not the folio's. */
  private isSmallFolio(pfn: number): boolean {
    const { memory, folios } = this.parts;
    return folios.hasMemmap(pfn) && folios.headOf(pfn) === pfn && memory.of(page).order.get(pfn) === 0;
  }

  /** Writes to struct pages that are gone lead nowhere; they are judged as such. */
  private unitOf(pfn: number): Unit {
    const { layout, folios } = this.parts;
    return folios.hasMemmap(pfn) ? layout.unitOf(pfn) : NOWHERE;
  }
}
