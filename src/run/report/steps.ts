import type { Program } from '../../litmus/index.ts';
import type { PageCounts, Pages, Step } from '../../litmus/output/index.ts';
import { LISTED_PAGES, listPages } from '../../litmus/output/pages.ts';
import { stepResult } from '../../litmus/output/stepResult.ts';
import type { StepRecord } from '../interpreter/stepRecord.ts';
import type { ThreadState } from '../interpreter/threadState.ts';
import type { Unit } from '../observe/layout.ts';
import type { Observer } from '../observe/observer.ts';
import type { FolioFacts } from '../properties/folioFacts.ts';

/** Steps that a result keeps; what a longer run does further is executed and judged, not listed. */
export const STEPS_KEPT = 100_000;

const NO_PAGES: Pages = {};

/** Stands for a folio that is only counted. */
const ONE_MORE: readonly [string, PageCounts] = ['', { refcount: 0, mapcount: 0, pincount: 0, order: 0 }];

/** Turns operations that are over into the steps of a result. */
export class StepList {
  readonly steps: Step[] = [];
  private readonly program: Program;
  private readonly observer: Observer;

  constructor(program: Program, observer: Observer) {
    this.program = program;
    this.observer = observer;
  }

  /** Takes an operation; returns its step, or undefined when there are too many. */
  add(state: ThreadState, { op, text, line, value, skipped }: StepRecord): Step | undefined {
    state.isReported = true;
    if (this.steps.length === STEPS_KEPT) return undefined;
    const step = {
      process: this.program.processes[state.process]?.name ?? '',
      thread: this.program.threads[state.index]?.name ?? '',
      op,
      text,
      line,
      ...stepResult(op, value),
      skipped,
      pages: this.pages(state),
    };
    this.steps.push(step);
    return step;
  }

  /** The folios whose counts the operation changed, as they are now. */
  private pages(state: ThreadState): Pages {
    const units = state.changes.changedUnits(state.overlapped);
    if (units.length === 0) return NO_PAGES;
    this.observer.holders.settle();
    return listPages(this.countsOf(units));
  }

  private *countsOf(units: Iterable<Unit>): Generator<readonly [string, PageCounts]> {
    const { layout, folios } = this.observer;
    let listed = 0;
    for (const unit of units) {
      const head = layout.frameOf(unit);
      if (!folios.hasMemmap(head)) continue;
      yield listed < LISTED_PAGES ? [layout.nameOf(head), countsOf(folios.read(unit))] : ONE_MORE;
      listed++;
    }
  }
}

/** What the page list says of a folio. */
export function countsOf({ refcount, mapcount, pincount, order, pins }: FolioFacts): PageCounts {
  return { refcount, mapcount, pincount: order === 0 ? pins : pincount, order };
}
