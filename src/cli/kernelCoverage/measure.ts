import { type Coverage, withCoverage } from '../../compile/link/coverage.ts';
import type { DialectProgram } from '../../compile/link/selection.ts';
import { kernelProgram } from '../../kernel/link.ts';
import type { Program, Scheme } from '../../litmus/index.ts';
import { Execution, formatReplay, parseReplay, type ReplaySchedule } from '../../run/index.ts';
import { type Goal, goalsOf } from './goals.ts';
import { schedulesNear } from './preemption.ts';

/** For each test, by its file: the replay strings of executions in which threads meet where they rarely do. */
export type Schedules = Readonly<Record<string, readonly string[]>>;

/** What a library of tests enters of one scheme's kernel. */
export class Measurement {
  readonly scheme: Scheme;
  readonly goals: readonly Goal[];
  private readonly coverage: Coverage;
  private readonly sources: DialectProgram;
  private missing: readonly Goal[];

  /** Goals that `isExcepted` are counted, but not searched for. */
  constructor(scheme: Scheme, isExcepted: (goal: Goal) => boolean) {
    const { program, coverage } = withCoverage(kernelProgram, scheme);
    this.scheme = scheme;
    this.sources = program;
    this.coverage = coverage;
    this.goals = goalsOf(coverage.points, program, scheme);
    this.missing = this.goals.filter((goal) => !isExcepted(goal));
  }

  isMet({ number, outcome }: Goal): boolean {
    return this.coverage.count(number, outcome) > 0;
  }

  /** Goals that no execution so far has met. */
  get unmet(): readonly Goal[] {
    return this.goals.filter((goal) => !this.isMet(goal));
  }

  /** Executes a test in turns, and by each of its recorded schedules. */
  execute(test: Program, schedules: readonly string[]): void {
    this.executeBy(test, undefined);
    for (const text of schedules) {
      const replay = parseReplay(text);
      if (!('error' in replay) && replay.scheme === this.scheme) this.executeBy(test, replay);
    }
  }

  /** Schedules near the plain one of a test, each of which enters something that was missing until then. */
  search(test: Program): readonly string[] {
    const found: string[] = [];
    this.isAnythingNew();
    if (this.missing.length === 0) return found;
    for (const schedule of schedulesNear(test, this.scheme, this.sources)) {
      this.executeBy(test, schedule);
      if (this.isAnythingNew()) found.push(formatReplay(schedule));
    }
    return found;
  }

  private executeBy(test: Program, replay: ReplaySchedule | undefined): void {
    const execution = new Execution(test, this.scheme, { sources: this.sources, ...(replay && { replay }) });
    execution.advance(Number.POSITIVE_INFINITY);
  }

  private isAnythingNew(): boolean {
    const before = this.missing.length;
    this.missing = this.missing.filter((goal) => !this.isMet(goal));
    return this.missing.length < before;
  }
}
