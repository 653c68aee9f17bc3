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

  /** Whether all is met but what is excepted. */
  get isComplete(): boolean {
    return this.missing.length === 0;
  }

  /** Executes a test in turns, and by each of its recorded schedules; those that entered something missing until then. */
  execute(test: Program, schedules: readonly string[]): readonly string[] {
    this.executeBy(test, undefined);
    this.isAnythingNew();
    return schedules.filter((text) => {
      const replay = parseReplay(text);
      if ('error' in replay || replay.scheme !== this.scheme) return false;
      this.executeBy(test, replay);
      return this.isAnythingNew();
    });
  }

  /**
   * Schedules near the plain one of a test, each of which enters something that was missing until then. A deep search
   * goes on from all schedules that enter what this test did not enter before, though others did.
   */
  search(test: Program, isDeep: boolean): readonly string[] {
    const found: string[] = [];
    const own = isDeep ? new Measurement(this.scheme, () => false) : this;
    const schedules = schedulesNear(test, this.scheme, own.sources);
    for (let next = schedules.next(); next.done !== true && !this.isComplete; ) {
      own.executeBy(test, next.value);
      const isNew = own.isAnythingNew();
      if (isNew && (own === this || this.missing.some((goal) => own.isMet(goal)))) {
        found.push(formatReplay(next.value));
        if (own !== this) this.execute(test, found.slice(-1));
      }
      next = schedules.next(isNew);
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
