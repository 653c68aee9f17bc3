import { check } from '../../check/index.ts';
import { type Coverage, withCoverage } from '../../compile/link/coverage.ts';
import type { DialectProgram } from '../../compile/link/selection.ts';
import { kernelProgram } from '../../kernel/link.ts';
import type { Program, Scheme } from '../../litmus/index.ts';
import { Execution } from '../../run/index.ts';
import { type Goal, goalsOf } from './goals.ts';

/** States of a test that are always searched; most tests have fewer. */
const FEW_STATES = 20_000;

/** What a library of tests enters of one scheme's kernel. */
export class Measurement {
  readonly scheme: Scheme;
  readonly goals: readonly Goal[];
  private readonly coverage: Coverage;
  private readonly sources: DialectProgram;
  private readonly missing: readonly Goal[];

  /** Goals that are `isExcepted` are counted, but nothing is searched for their sake. */
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

  /** Executes all tests, and those with threads in every order; large ones only while something is missing. */
  measure(tests: readonly Program[]): void {
    for (const test of tests) {
      const execution = new Execution(test, this.scheme, { sources: this.sources });
      execution.advance(Number.POSITIVE_INFINITY);
    }
    const races = tests.filter(({ threads }) => threads.length > 1);
    const large = races.filter((test) => !this.isSearched(test, FEW_STATES));
    for (const test of large) {
      if (this.missing.every((goal) => this.isMet(goal))) return;
      this.isSearched(test, Number.POSITIVE_INFINITY);
    }
  }

  /** Searches a test; false if it has more states than that. */
  private isSearched(test: Program, maximumStates: number): boolean {
    return check(test, this.scheme, { sources: this.sources, maximumStates }).stats.complete;
  }
}
