import { dev_pagemap } from '../../kernel/state/dax.ts';
import { HOLDER_RUNS, holder, holder_run } from '../../kernel/state/holder.ts';
import type { HolderId, Pfn } from '../../kernel/state/numbers.ts';
import type { Memory } from '../../machine/memory.ts';
import { PAGE_SIZE } from '../../machine/primitives/bytes.ts';
import { dmaToLostBlock, dmaToReused } from '../properties/dmaToReused.ts';
import { referenceWord, unitsOfRun } from './census.ts';
import type { FileMap } from './fileMap.ts';
import type { Judge } from './judge.ts';
import { type Layout, NOWHERE, type Unit } from './layout.ts';
import type { PgmapWatch } from './pgmapWatch.ts';
import type { StaleReferences } from './staleReferences.ts';
import type { Trail } from './trail.ts';
import { LAST_ACTOR, PINS, type UnitWords } from './unitWords.ts';

export interface HolderWatchParts {
  readonly memory: Memory;
  readonly layout: Layout;
  readonly words: UnitWords;
  readonly trail: Trail;
  readonly judge: Judge;
  readonly pgmaps: PgmapWatch;
  readonly files: FileMap;
  /** Undefined where there are no files. */
  readonly stale: StaleReferences | undefined;
}

/** Neighbouring pages that a holder was last seen to hold. */
interface HeldRun {
  readonly first: Pfn;
  readonly count: number;
  /** Generation of the device's struct pages when the references were taken. */
  readonly generation: number;
  /** Whether the references stand in the units' words: those of struct pages that are gone do not. */
  counted: boolean;
}

/** What a holder was last seen to hold. */
interface Holding {
  /** The word of its units that it counts in. */
  readonly word: number;
  readonly perFolio: boolean;
  readonly runs: readonly HeldRun[];
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
  /** Holders that were closed since they were looked at: what they hold now is all new. */
  private readonly closed = new Set<HolderId>();

  constructor(parts: HolderWatchParts) {
    const { memory } = parts;
    this.parts = parts;
    this.fields = memory.of(holder);
    this.runFields = memory.of(holder_run);
    const { kind, runs, per_folio } = this.fields;
    for (const field of [kind, runs, per_folio]) memory.watch(field, (owner) => this.changed.add(owner));
    memory.watch(kind, (owner, _before, after) => {
      if (after === 0) this.closed.add(owner);
    });
    memory.watch(memory.of(dev_pagemap).memmap, () => {
      for (const owner of this.holdings.keys()) this.changed.add(owner);
    });
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
      if (before !== undefined) this.uncount(before);
      const after = this.look(owner, this.closed.has(owner) ? undefined : before);
      if (after === undefined) this.holdings.delete(owner);
      else this.holdings.set(owner, after);
      if (after !== undefined) this.count(after);
    }
    this.changed.clear();
    this.closed.clear();
  }

  /** A device accesses byte `offset` of what a holder holds. */
  accessed(owner: HolderId, offset: number): void {
    this.settle();
    let position = Math.floor((this.fields.offset.get(owner) + offset) / PAGE_SIZE);
    for (const run of this.holdings.get(owner)?.runs ?? []) {
      if (position < run.count) {
        this.judgeAccess(owner, run.first + position, run.generation);
        return;
      }
      position -= run.count;
    }
  }

  /** A device accesses a frame that `owner` took when the device had struct pages of that generation. */
  protected judgeAccess(owner: HolderId, pfn: Pfn, generation: number): void {
    const { files, stale, judge, trail, words, layout } = this.parts;
    const former = stale?.formerOf(owner, pfn);
    const message =
      former === undefined
        ? dmaToReused(generation, this.generationAt(pfn))
        : dmaToLostBlock(`page ${former.index} of ${files.textOf(former.name)}`);
    if (message === null) return;
    const actors = [trail.actor, words.get(layout.unitOf(pfn), LAST_ACTOR)];
    judge.ofPage('dma-to-reused', pfn, message, actors);
  }

  private look(owner: HolderId, before: Holding | undefined): Holding | undefined {
    const kind = this.fields.kind.get(owner);
    if (kind === 0) return undefined;
    const base = owner * HOLDER_RUNS;
    const runs = Array.from({ length: this.fields.runs.get(owner) }, (_, run): HeldRun => {
      const first = this.runFields.first.get(base + run);
      const known = before?.runs.find((other) => other.first <= first && first < other.first + other.count);
      const generation = known?.generation ?? this.generationAt(first);
      return { first, count: this.runFields.count.get(base + run), generation, counted: false };
    });
    return { word: referenceWord(kind), perFolio: this.fields.per_folio.get(owner) !== 0, runs };
  }

  private count(holding: Holding): void {
    for (const run of holding.runs) {
      run.counted = run.generation !== 0 && run.generation === this.generationAt(run.first);
      if (run.counted) this.add(holding, run, 1);
    }
  }

  private uncount(holding: Holding): void {
    for (const run of holding.runs) if (run.counted) this.add(holding, run, -1);
  }

  private add({ word, perFolio }: Holding, { first, count }: HeldRun, sign: number): void {
    const { layout, words, trail } = this.parts;
    for (const [unit, frames] of unitsOfRun(layout, first, count)) {
      if (unit === NOWHERE) continue;
      words.add(unit, word, sign * (perFolio ? 1 : frames));
      trail.touch(unit);
    }
  }

  /** Which struct pages the device of a frame has; 0 for none. */
  protected generationAt(pfn: Pfn): number {
    const { layout, pgmaps } = this.parts;
    const extent = layout.extentOf(pfn);
    return extent === undefined ? 0 : pgmaps.generationOf(extent.device);
  }
}
