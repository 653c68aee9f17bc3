import type { Program } from '../../litmus/index.ts';
import { isDeclared } from '../../litmus/index.ts';
import type { Pages, Step, TestResult, Violation } from '../../litmus/output/index.ts';
import { listedPages } from '../../litmus/output/pages.ts';
import { stepResult } from '../../litmus/output/stepResult.ts';
import type { KernelReport } from '../machine/kernelReports.ts';
import type { ConditionBook } from './conditionBook.ts';
import type { TestFiles } from './files/testFiles.ts';
import type { KernelSetting } from './kernelSetting.ts';
import type { KernelThread } from './kernelThread.ts';
import type { PageWatch } from './pageWatch.ts';
import { folioText } from './terms.ts';

/**
 * Damage that a kernel stumbles over only later: touching freed struct pages ends in an oops, and a count that was taken
 * below its base in a warning of whoever frees the page next. What becomes of a page after a declared hazard is not judged.
 */
const COMES_TO: Readonly<Record<KernelReport['kind'], readonly Violation['property'][]>> = {
  oops: ['memmap-after-teardown'],
  warning: ['free-page-reference'],
  stall: [],
  panic: [],
};

const UNCHANGED: ReturnType<PageWatch['changes']> = { pages: {}, gone: [] };

export interface RecorderParts {
  readonly program: Program;
  readonly setting: KernelSetting;
  readonly book: ConditionBook;
  readonly watch: PageWatch;
  readonly files: TestFiles;
  /** Whether the kernel still works on something by itself: what that changes is the next operation's. */
  readonly isSettling: () => boolean;
}

/** Writes down what a test does on a real kernel, and what goes wrong. */
export class Recorder {
  private readonly parts: RecorderParts;
  private readonly steps: Step[] = [];
  private readonly violations: Violation[] = [];
  private readonly blocked = new Map<KernelThread, string>();
  private isOver = false;
  /** Whether the kernel oopsed as the test declares. */
  private hasFallen = false;
  private reportsSeen: number;
  private readonly started = performance.now();

  constructor(parts: RecorderParts) {
    this.parts = parts;
    this.reportsSeen = parts.setting.reports.length;
  }

  /** The operation that a thread stands at is over; the end of its text counts as an exit. */
  step(thread: KernelThread, value: number | null, skipped: boolean): void {
    const { program, book, watch, isSettling } = this.parts;
    const overlaps = this.blocked.size > 0;
    this.blocked.delete(thread);
    const { op, text, line } = this.statementOf(thread);
    const { pages, gone } = isSettling() ? UNCHANGED : watch.changes();
    this.steps.push({
      process: program.processes[thread.process]?.name ?? '',
      thread: thread.name,
      op,
      text,
      line,
      ...stepResult(op, value),
      skipped,
      pages,
      ...this.backs(pages, op, value),
      ...(overlaps ? { overlaps } : {}),
      ...(gone.length > 0 ? { gone } : {}),
    });
    this.takeReports(this.whoIs(thread));
    book.step();
  }

  /** What the pages of a step back, if any is a file's. */
  private backs(pages: Pages, op: string, value: number | null): Pick<Step, 'backs'> {
    const { files, program } = this.parts;
    if (!files.isNeeded) return {};
    const folios = listedPages(pages).map(([folio]) => folio);
    if (op === 'pagemap') folios.push(...program.devices.map(({ name }) => `${name}[${value}]`));
    return { backs: files.backs(folios) };
  }

  /** An operation is blocked in the kernel. */
  blocks(thread: KernelThread, where: string): void {
    this.blocked.set(thread, where);
  }

  /** All of these wait, and nobody is left to wake them. */
  hangs(threads: readonly KernelThread[]): void {
    const actors = threads.map((thread) => {
      const where = this.blocked.get(thread);
      return `${this.whoIs(thread)}${where === undefined ? '' : `, ${where}`}`;
    });
    this.violations.push({
      property: 'hang',
      message: 'nobody can go on: no operation has come to its end for seconds',
      page: null,
      actors,
      trace: [],
    });
    this.takeReports('nobody');
  }

  /** Every process has exited: looks for what is left behind. */
  end(): void {
    const { watch } = this.parts;
    this.isOver = true;
    this.takeReports('the end of the test');
    for (const { name, folio, base } of watch.busy()) {
      const message = `after every process has exited: ${folioText(folio)}, where ${base} is idle`;
      const property = this.propertyOfBusy(folio.refcount < base);
      this.violations.push({ property, message, page: name, actors: [], trace: [] });
    }
  }

  /** What came of it. `error`: why it could not be executed to its end. */
  result(error?: string): TestResult {
    const { program, setting, book } = this.parts;
    const undeclared = this.violations.some(({ property }) => !this.declares(property));
    const verdict =
      error !== undefined
        ? 'error'
        : !book.isKept || undeclared
          ? 'violated'
          : this.isOver
            ? 'ok'
            : 'incomplete';
    return {
      file: program.fileName,
      name: program.name,
      scheme: setting.scheme,
      source: `kernel ${setting.release}`,
      verdict,
      steps: this.steps,
      ...(error === undefined ? {} : { error }),
      conditions: book.results(this.violations),
      violations: this.violations,
      stats: {
        executions: 1,
        states: 0,
        transitions: this.steps.length,
        seconds: (performance.now() - this.started) / 1000,
        peakBytes: 0,
        complete: this.isOver,
      },
    };
  }

  /** The kernel fell, or hangs, in the middle of the test: what the test declares as a hazard; null for anything else. */
  damage(): string | null {
    this.takeReports('the operation under way');
    const declared = this.violations.find(({ property }) => this.declares(property));
    return this.isOver || declared === undefined ? null : declared.message;
  }

  /** Whether the kernel is as it was before. */
  get isClean(): boolean {
    return this.isOver && this.violations.length === 0;
  }

  /** Whose references these are cannot be seen before: a balance that is known to break shows here at the latest. */
  private propertyOfBusy(isBelowBase: boolean): Violation['property'] {
    if (this.declares('reference-balance')) return 'reference-balance';
    return isBelowBase ? 'free-page-reference' : 'leak';
  }

  /** What the kernel has said since the last look; what it says once it fell over a declared hazard follows from that. */
  private takeReports(actor: string): void {
    const { setting } = this.parts;
    for (const { kind, line } of setting.reports.slice(this.reportsSeen)) {
      if (kind === 'stall' || this.hasFallen) continue;
      const property = COMES_TO[kind].find((damage) => this.declares(damage)) ?? 'kernel-warning';
      this.hasFallen = kind === 'oops' && property !== 'kernel-warning';
      this.violations.push({ property, message: line, page: null, actors: [actor], trace: [] });
    }
    this.reportsSeen = setting.reports.length;
  }

  private declares(property: Violation['property']): boolean {
    const { program, setting } = this.parts;
    return isDeclared(property, program, setting.scheme);
  }

  private statementOf({ stop, process }: KernelThread): Pick<Step, 'op' | 'text' | 'line'> {
    if (stop?.kind === 'operation') {
      const { operation, text, span } = stop.operation;
      return { op: operation, text, line: span.line };
    }
    if (stop?.kind === 'fork') return { op: 'fork', text: stop.branch.text, line: stop.branch.span.line };
    return { op: 'exit', text: 'exit', line: this.parts.program.processes[process]?.span.line ?? 1 };
  }

  private whoIs(thread: KernelThread): string {
    const process = this.parts.program.processes[thread.process]?.name ?? '';
    const name = thread.name === process ? process : `${process}.${thread.name}`;
    const { text, line } = this.statementOf(thread);
    return `${name}: ${text} (line ${line})`;
  }
}
