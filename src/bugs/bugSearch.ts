import { type Coverage, LitmusCheck } from '../check/index.ts';
import { isPropertyName, type Scheme } from '../litmus/index.ts';
import type { TestResult } from '../litmus/output/index.ts';
import type { Broken, Bug } from './bug.ts';
import { cleanKernel, kernelWith } from './bugKernel.ts';

/** What looking for a bug under one scheme gave. */
export interface Found {
  readonly bug: Bug;
  readonly scheme: Scheme;
  /** Executions of the kernel with the bug, until one breaks what the bug is to break. */
  readonly withBug: TestResult;
  /** All executions of the kernel without the bug. */
  readonly without: TestResult;
}

export interface BugSearchOptions {
  /** As `CheckOptions.movers`; true unless given. */
  readonly movers?: boolean;
}

/**
 * The search for a bug under one scheme, a piece at a time: first among the executions of the kernel with the bug, then
 * among all those of the kernel without it.
 */
export class BugSearch {
  readonly bug: Bug;
  readonly scheme: Scheme;
  private readonly options: BugSearchOptions;
  private readonly withBug: LitmusCheck;
  private without: LitmusCheck | undefined;
  private isStopped = false;

  constructor(bug: Bug, scheme: Scheme, options: BugSearchOptions = {}) {
    this.bug = bug;
    this.scheme = scheme;
    this.options = options;
    this.withBug = new LitmusCheck(bug.program, scheme, {
      ...options,
      ...kernelWith(bug),
      ...(isPropertyName(bug.breaks) ? { sought: bug.breaks, firstViolation: true } : {}),
    });
  }

  /** Expands up to `states` further states; true once there is nothing left to do. */
  advance(states: number): boolean {
    if (this.isStopped) return true;
    if (this.without !== undefined) return this.without.advance(states);
    if (this.withBug.advance(states)) this.without = this.clean();
    return false;
  }

  /** Ends the search where it is: the result tells what was covered. */
  stop(): void {
    this.isStopped = true;
    (this.without ?? this.withBug).stop();
  }

  /** Of the check that is under way. */
  coverage(): Coverage {
    return (this.without ?? this.withBug).coverage();
  }

  result(): Found {
    const { bug, scheme } = this;
    const without = this.without ?? this.clean();
    return { bug, scheme, withBug: this.withBug.result(), without: without.result() };
  }

  private clean(): LitmusCheck {
    return new LitmusCheck(this.bug.program, this.scheme, { ...this.options, ...cleanKernel });
  }
}

/** Looks for a bug to the end. */
export function findBug(bug: Bug, scheme: Scheme, options: BugSearchOptions = {}): Found {
  const search = new BugSearch(bug, scheme, options);
  while (!search.advance(Number.POSITIVE_INFINITY)) {}
  return search.result();
}

/** Whether the bug was found where it is, and all executions without it are in order. */
export function isAsExpected({ bug, withBug, without }: Found): boolean {
  return breaks(withBug, bug.breaks) && without.verdict === 'ok';
}

/** Whether a result breaks a property, or a condition of its test. */
export function breaks({ violations, conditions }: TestResult, broken: Broken): boolean {
  return (
    violations.some(({ property }) => property === broken) ||
    conditions.some(({ kind, holds }) => kind === broken && !holds)
  );
}
