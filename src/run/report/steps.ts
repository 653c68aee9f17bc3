import type { Program } from '../../litmus/index.ts';
import type { PageCounts, Pages, Step } from '../../litmus/output/index.ts';
import { LISTED_PAGES, listPages } from '../../litmus/output/pages.ts';
import { stepResult } from '../../litmus/output/stepResult.ts';
import type { StepRecord } from '../interpreter/stepRecord.ts';
import type { ThreadState } from '../interpreter/threadState.ts';
import type { Unit } from '../observe/layout.ts';
import type { Observer } from '../observe/observer.ts';
import type { FolioFacts } from '../properties/folioFacts.ts';
import { FilePageNames } from './filePageNames.ts';

/** Steps that a result keeps; what a longer run does further is executed and judged, not listed. */
export const STEPS_KEPT = 100_000;

/** Units, ascending. */
type Units = ArrayLike<Unit> & Iterable<Unit>;

const NO_PAGES: Pages = {};

/** Stands for a folio that is only counted. */
const ONE_MORE: readonly [string, PageCounts] = ['', { refcount: 0, mapcount: 0, pincount: 0, order: 0 }];

/** Turns operations that are over into the steps of a result. */
export class StepList {
  readonly steps: Step[] = [];
  private readonly program: Program;
  private readonly observer: Observer;
  /** Null where no device has files. */
  private readonly filePages: FilePageNames | null;

  constructor(program: Program, observer: Observer) {
    this.program = program;
    this.observer = observer;
    const { layout, files } = observer;
    this.filePages = layout.hasFiles ? new FilePageNames(layout, files) : null;
  }

  /** Takes an operation; returns its step, or undefined when there are too many. */
  add(state: ThreadState, { op, text, line, value, skipped }: StepRecord): Step | undefined {
    state.isReported = true;
    this.filePages?.update();
    if (this.steps.length === STEPS_KEPT) return undefined;
    const heads = this.changedFolios(state);
    const step = {
      process: this.program.processes[state.process]?.name ?? '',
      thread: this.program.threads[state.index]?.name ?? '',
      op,
      text,
      line,
      ...stepResult(op, value),
      skipped,
      pages: this.pages(heads),
      ...this.backs(heads, op, value),
    };
    this.steps.push(step);
    return step;
  }

  /**
   * The units that the folios begin with which the operation changed, ascending: a change of a page inside of a folio is one
   * of the folio.
   */
  private changedFolios(state: ThreadState): Units {
    const units = state.changes.changedUnits(state.overlapped);
    if (this.filePages === null) return units;
    const { layout, folios } = this.observer;
    const heads = Float64Array.from(units, (unit) => {
      const pfn = layout.frameOf(unit);
      return folios.hasMemmap(pfn) ? layout.unitOf(folios.headOf(pfn)) : unit;
    });
    return Float64Array.from(new Set(heads.sort()));
  }

  /** The folios whose counts the operation changed, as they are now. */
  private pages(units: Units): Pages {
    if (units.length === 0) return NO_PAGES;
    this.observer.holders.settle();
    return listPages(this.countsOf(units));
  }

  /** What the pages of a step back, where devices have files: those of the folios that are listed, and that of a result. */
  private backs(units: Units, op: string, value: number | null): Pick<Step, 'backs'> {
    const { filePages, observer } = this;
    if (filePages === null) return {};
    const { layout } = observer;
    const frames = [...units].slice(0, LISTED_PAGES).map((unit) => layout.frameOf(unit));
    if (op === 'pagemap' && value !== null) {
      frames.push(...layout.extents.map(({ firstFrame }) => firstFrame + value));
    }
    return {
      backs: Object.fromEntries(
        frames.flatMap((pfn) => {
          const name = filePages.nameOf(pfn);
          return name === undefined ? [] : [[layout.nameOf(pfn), name] as const];
        }),
      ),
    };
  }

  private *countsOf(units: Units): Generator<readonly [string, PageCounts]> {
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
