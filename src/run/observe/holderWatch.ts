import { HOLDER_RUNS, holder, holder_run } from '../../kernel/state/holder.ts';
import type { HolderId, Pfn } from '../../kernel/state/numbers.ts';
import type { Memory } from '../../machine/memory.ts';
import { PAGE_SIZE } from '../../machine/primitives/bytes.ts';
import { dmaToReused } from '../properties/dmaToReused.ts';
import { referenceWord, unitsOfRun } from './census.ts';
import type { Judge } from './judge.ts';
import { type Layout, NOWHERE, type Unit } from './layout.ts';
import type { PgmapWatch } from './pgmapWatch.ts';
import type { Trail } from './trail.ts';
import { PINS, type UnitWords } from './unitWords.ts';

export interface HolderWatchParts {
  readonly memory: Memory;
  readonly layout: Layout;
  readonly words: UnitWords;
  readonly trail: Trail;
  readonly judge: Judge;
  readonly pgmaps: PgmapWatch;
}

/** What a holder was last seen to hold. */
interface Holding {
  /** The word of its units that it counts in. */
  readonly word: number;
  readonly perFolio: boolean;
  readonly runs: readonly { readonly first: Pfn; readonly count: number }[];
  /** Generation of the device that its first page belonged to when it was made. */
  readonly generation: number;
}

/**
 * Knows who holds references on which folio. What a holder holds is many words, so it is looked at again when somebody
 * asks and some of them have changed.
 */
export class HolderWatch {
  private readonly parts: HolderWatchParts;
  private readonly fields: typeof holder;
  private readonly runFields: typeof holder_run;
  private readonly holdings = new Map<HolderId, Holding>();
  private readonly changed = new Set<HolderId>();

  constructor(parts: HolderWatchParts) {
    const { memory } = parts;
    this.parts = parts;
    this.fields = memory.of(holder);
    this.runFields = memory.of(holder_run);
    const { kind, runs, per_folio } = this.fields;
    for (const field of [kind, runs, per_folio]) memory.watch(field, (owner) => this.changed.add(owner));
    const { first, count } = this.runFields;
    for (const field of [first, count]) {
      memory.watch(field, (run) => this.changed.add(Math.floor(run / HOLDER_RUNS)));
    }
  }

  /** Pins held on a unit at this moment. */
  pinsOf(unit: Unit): number {
    this.settle();
    return this.parts.words.get(unit, PINS);
  }

  /** Brings the counts of gets and pins up to date. */
  settle(): void {
    if (this.changed.size === 0) return;
    for (const owner of this.changed) {
      const before = this.holdings.get(owner);
      if (before !== undefined) this.count(before, -1);
      const after = this.look(owner, before);
      if (after === undefined) this.holdings.delete(owner);
      else this.holdings.set(owner, after);
      if (after !== undefined) this.count(after, 1);
    }
    this.changed.clear();
  }

  /** A device accesses byte `offset` of what a holder holds. */
  accessed(owner: HolderId, offset: number): void {
    this.settle();
    const holding = this.holdings.get(owner);
    const pfn = this.pageAt(owner, offset);
    if (holding === undefined || pfn === NOWHERE) return;
    const { layout, pgmaps, judge } = this.parts;
    const device = layout.extentOf(pfn)?.device;
    if (device === undefined) return;
    const message = dmaToReused(holding.generation, pgmaps.generationOf(device));
    if (message !== null) judge.ofPage('dma-to-reused', pfn, message);
  }

  private look(owner: HolderId, before: Holding | undefined): Holding | undefined {
    const kind = this.fields.kind.get(owner);
    if (kind === 0) return undefined;
    const base = owner * HOLDER_RUNS;
    const runs = Array.from({ length: this.fields.runs.get(owner) }, (_, run) => ({
      first: this.runFields.first.get(base + run),
      count: this.runFields.count.get(base + run),
    }));
    const { layout, pgmaps } = this.parts;
    const device = layout.extentOf(runs[0]?.first ?? NOWHERE)?.device;
    return {
      word: referenceWord(kind),
      perFolio: this.fields.per_folio.get(owner) !== 0,
      runs,
      generation: before?.generation ?? (device === undefined ? 0 : pgmaps.generationOf(device)),
    };
  }

  private count({ word, perFolio, runs }: Holding, sign: number): void {
    const { layout, words, trail } = this.parts;
    for (const { first, count } of runs) {
      for (const [unit, frames] of unitsOfRun(layout, first, count)) {
        if (unit === NOWHERE) continue;
        words.add(unit, word, sign * (perFolio ? 1 : frames));
        trail.touch(unit);
      }
    }
  }

  private pageAt(owner: HolderId, offset: number): Pfn {
    let position = Math.floor((this.fields.offset.get(owner) + offset) / PAGE_SIZE);
    for (const { first, count } of this.holdings.get(owner)?.runs ?? []) {
      if (position < count) return first + position;
      position -= count;
    }
    return NOWHERE;
  }
}
