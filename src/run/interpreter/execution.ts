import type { DialectProgram, Overrides } from '../../compile/link/selection.ts';
import type { Program, Scheme } from '../../litmus/index.ts';
import type { TestResult, TraceEntry } from '../../litmus/output/index.ts';
import { bindDevices } from '../boot/boot.ts';
import type { Finding } from '../observe/judge.ts';
import { TestError } from '../operations/testError.ts';
import { errorResult, executionResult } from '../report/result.ts';
import type { DetailedStep } from '../report/stepChanges.ts';
import { type ChosenSchedule, chooseScheduler, type ScheduleOptions } from '../schedule/choose.ts';
import { ScheduleError } from '../schedule/scheduler.ts';
import { type Assembly, assemble } from './assemble.ts';
import { reportStuck } from './stuck.ts';
import type { ThreadState } from './threadState.ts';
import { Tracing } from './tracing.ts';

export interface ExecutionOptions extends ScheduleOptions {
  /** The kernel's sources, where they are others than those built in. */
  readonly sources?: DialectProgram;
  /** Mutations: name of a kernel function → name of its replacement. */
  readonly overrides?: Overrides;
  /** Executes the kernel as generators throughout, where plain functions would do. */
  readonly generators?: boolean;
  /** Told of each step after it was taken. Tracing makes a run some ten times slower. */
  readonly onStep?: (entry: TraceEntry) => void;
  /** Told of each operation that is over, with what it changed. */
  readonly onOperation?: (operation: DetailedStep) => void;
}

/** One execution of a test under one scheme, which may be carried out a piece at a time. */
export class Execution {
  private readonly program: Program;
  private readonly scheme: Scheme;
  private readonly schedule: ChosenSchedule;
  /** What it is made of, for those who look at the machine between two pieces. */
  readonly parts: Assembly;
  /** Whether a thread that is alone may execute its operations whole. */
  private readonly mayRunWhole: boolean;
  /** For each thread, how many steps had been taken when it was last found blocked. */
  private readonly blockedAt: number[] = [];
  /** Threads that may take the next step, found anew for each. */
  private readonly ready: number[] = [];
  private readonly tracing: Tracing | undefined;
  /** Whether somebody wants to know which operations sleep. */
  private readonly followsWaits: boolean;
  private isOver = false;
  private error: string | undefined;

  constructor(program: Program, scheme: Scheme, options: ExecutionOptions = {}) {
    this.program = program;
    this.scheme = scheme;
    this.schedule = chooseScheduler(scheme, options);
    const { onStep, onOperation, sources, overrides = {}, generators = onStep !== undefined } = options;
    this.parts = assemble(program, scheme, { sources, overrides, trace: onStep !== undefined, onOperation });
    this.tracing = onStep === undefined ? undefined : new Tracing(this.parts, onStep);
    this.followsWaits = onStep !== undefined || onOperation !== undefined;
    this.mayRunWhole = !this.schedule.isByStep && !generators && !this.parts.board.watchesSteps;
    this.guarded(() => this.boot());
  }

  /** Takes up to `budget` steps; true once the test is over. */
  advance(budget: number): boolean {
    this.guarded(() => {
      for (let taken = 0; taken < budget && !this.isOver; taken++) this.step();
    });
    return this.isOver;
  }

  /** What came of it; of an execution that is not over, what came of it so far. */
  result(): TestResult {
    const { program, scheme, parts, error } = this;
    if (error !== undefined) return errorResult(program.fileName, program.name, scheme, error);
    const replay = this.schedule.replayString();
    const traceOf = (finding: Finding): readonly TraceEntry[] => this.tracing?.traceOf(finding) ?? [];
    return executionResult({ program, scheme, parts, replay, isOver: this.isOver, traceOf });
  }

  private boot(): void {
    const { program, parts } = this;
    bindDevices(program, parts.observer.layout, parts.kernel);
    for (const { index, parent, mainThread } of program.processes) {
      if (parent === null) parts.processes.create(index, mainThread);
    }
    for (const state of parts.threads.states) {
      if (state.role === 'process') parts.threads.begin(state);
    }
    parts.details?.begin();
    this.tracing?.begin();
  }

  /** Lets one thread take one step, or ends the test. */
  private step(): void {
    const { threads } = this.parts;
    const live = this.findReady();
    if (this.ready.length > 0) {
      const state = threads.state(this.schedule.scheduler.choose(this.ready));
      this.stepThread(state, this.mayRunWhole && live === 1);
    } else if (live > 0) {
      this.stuck(threads.live());
      this.isOver = true;
    } else {
      this.end();
    }
  }

  /** Finds the threads that are not known to be blocked; returns how many live at all. */
  private findReady(): number {
    const { threads, stepper } = this.parts;
    let live = 0;
    this.ready.length = 0;
    for (const { index, status } of threads.states) {
      if (status !== 'live') continue;
      live++;
      if (this.blockedAt[index] !== stepper.steps) this.ready.push(index);
    }
    return live;
  }

  private stepThread(state: ThreadState, whole: boolean): void {
    const { stepper, observer, board, unfinished } = this.parts;
    const outcome = stepper.step(state, whole);
    if (outcome === 'blocked') {
      this.blockedAt[state.index] = stepper.steps;
      this.schedule.scheduler.blocked(state.index);
      return;
    }
    this.schedule.stepped(state.index, outcome !== 'more');
    if (this.followsWaits) unfinished.stepped(state.index);
    if (stepper.isQuiescent) observer.settle();
    board.step();
    this.tracing?.stepped(state);
  }

  /** All statements have run: judges the outcome, lets every process exit, and looks for what is left behind. */
  private end(): void {
    const { threads, stepper, observer, board } = this.parts;
    this.isOver = true;
    board.end();
    for (const state of threads.states) {
      if (state.status !== 'finished') continue;
      state.status = 'live';
      if (stepper.step(state, true) === 'blocked') {
        this.stuck([state]);
        return;
      }
    }
    observer.end();
  }

  private stuck(states: readonly ThreadState[]): void {
    const { unfinished, details } = this.parts;
    reportStuck(states, this.parts);
    unfinished.areStuck(states);
    details?.stuck(states);
  }

  /** Ends the test where it asks for what cannot be. */
  private guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof TestError || error instanceof ScheduleError)) throw error;
      const { fileName } = this.program;
      const where = error instanceof TestError ? `${error.span.line}:${error.span.column}: ` : '';
      this.error = `${fileName}:${where}${where === '' ? ' ' : ''}${error.message}`;
      this.isOver = true;
    }
  }
}
