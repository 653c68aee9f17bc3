import { HOLDER_RUNS, holder, holder_run } from '../../kernel/state/holder.ts';
import type { HolderId } from '../../kernel/state/numbers.ts';
import { SLOTS_HOLDER, slots } from '../../kernel/state/slots.ts';
import { PAGE_SIZE } from '../../machine/primitives/bytes.ts';
import { referenceWord, unitsOfRun } from '../../run/observe/census.ts';
import { HolderWatch, type HolderWatchParts } from '../../run/observe/holderWatch.ts';
import type { Unit } from '../../run/observe/layout.ts';
import { PINS } from '../../run/observe/unitWords.ts';
import { watched_holder } from './watchedWords.ts';

/** Answers from the holders themselves, whenever it is asked, what a run's watch keeps count of. */
export class HolderScan extends HolderWatch {
  private readonly scanned: HolderWatchParts;

  constructor(parts: HolderWatchParts) {
    super(parts);
    this.scanned = parts;
    const { memory, layout, pgmaps } = parts;
    const { generation } = memory.of(watched_holder);
    memory.watch(memory.of(holder_run).first, (run, _before, pfn) => {
      if (run % HOLDER_RUNS !== 0) return;
      const device = layout.extentOf(pfn)?.device;
      generation.set(run / HOLDER_RUNS, device === undefined ? 0 : pgmaps.generationOf(device));
    });
  }

  override settle(): void {}

  override pinsOf(unit: Unit): number {
    const { kind, per_folio } = this.scanned.memory.of(holder);
    let pins = 0;
    for (const { owner, frames } of this.holdingsOf(unit)) {
      if (referenceWord(kind.get(owner)) === PINS) pins += per_folio.get(owner) !== 0 ? 1 : frames;
    }
    return pins;
  }

  /** Whether a folio is held, and only by those who took it before its device was bound the last time. */
  isHeldFromBefore(unit: Unit): boolean {
    const { memory, layout, pgmaps } = this.scanned;
    const device = layout.extentOf(layout.frameOf(unit))?.device;
    if (device === undefined) return false;
    const { generation } = memory.of(watched_holder);
    const now = pgmaps.generationOf(device);
    const owners = [...this.holdingsOf(unit)].map(({ owner }) => owner);
    return owners.length > 0 && owners.every((owner) => generation.get(owner) !== now);
  }

  /** Who holds any part of a folio, and how many frames of it, run by run. */
  private *holdingsOf(unit: Unit): Generator<{ readonly owner: HolderId; readonly frames: number }> {
    const { memory, layout } = this.scanned;
    const { kind, runs } = memory.of(holder);
    const { first, count } = memory.of(holder_run);
    const limit = memory.of(slots).highest.get(SLOTS_HOLDER);
    for (let owner = 1; owner <= limit; owner++) {
      if (kind.get(owner) === 0) continue;
      for (let run = owner * HOLDER_RUNS; run < owner * HOLDER_RUNS + runs.get(owner); run++) {
        for (const [touched, frames] of unitsOfRun(layout, first.get(run), count.get(run))) {
          if (touched === unit) yield { owner, frames };
        }
      }
    }
  }

  override accessed(owner: HolderId, offset: number): void {
    const { memory, layout } = this.scanned;
    const pfn = this.frameAt(owner, offset);
    if (pfn === undefined || layout.extentOf(pfn) === undefined) return;
    this.judgeAccess(owner, pfn, memory.of(watched_holder).generation.get(owner));
  }

  private frameAt(owner: HolderId, offset: number): number | undefined {
    const { memory } = this.scanned;
    const fields = memory.of(holder);
    const { first, count } = memory.of(holder_run);
    let position = Math.floor((fields.offset.get(owner) + offset) / PAGE_SIZE);
    for (let run = owner * HOLDER_RUNS; run < owner * HOLDER_RUNS + fields.runs.get(owner); run++) {
      if (position < count.get(run)) return first.get(run) + position;
      position -= count.get(run);
    }
    return undefined;
  }
}
