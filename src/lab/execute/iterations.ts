import type { Program } from '../../litmus/index.ts';
import type { ConditionResult, Outcome, TestResult, Verdict } from '../../litmus/output/index.ts';
import type { KernelOutcome } from './executeOn.ts';

/** Whether a test has threads or processes that could run at once. */
export function isConcurrent({ threads }: Program): boolean {
  return threads.length > 1;
}

/** A kernel that fell over what a test declares is no excuse for what it breaks in another execution. */
const WORST_FIRST: readonly Verdict[] = ['violated', 'error', 'incomplete'];

/** Executions of one test, and what they have in common. */
export class Iterations {
  private readonly outcomes: KernelOutcome[] = [];
  private readonly ends = new Map<string, Outcome>();

  /** Takes one more execution, by the seed that it ran with. */
  add(outcome: KernelOutcome, seed: number): void {
    this.outcomes.push(outcome);
    const { registers, result } = outcome;
    const key = JSON.stringify(registers);
    if (result.stats.complete && !this.ends.has(key)) {
      this.ends.set(key, { registers, pages: {}, replay: `iteration ${seed}` });
    }
  }

  /** Whether another execution makes no sense: the test is none for real kernels, or the kernel did not survive. */
  get isOver(): boolean {
    const last = this.outcomes.at(-1);
    return last !== undefined && (last.notExpressible !== null || last.result.verdict === 'error');
  }

  /**
   * All of them as one: the steps and violations of the first of those that went most wrong, else of the last; every
   * distinct end; conditions over all.
   */
  outcome(): KernelOutcome {
    const worst = WORST_FIRST.map((verdict) =>
      this.outcomes.find(({ result }) => result.verdict === verdict),
    );
    const shown = worst.find((outcome) => outcome !== undefined) ?? this.outcomes.at(-1);
    if (shown === undefined) throw new Error('a test was executed no time at all');
    const results = this.outcomes.map(({ result }) => result);
    const { stats } = shown.result;
    const result: TestResult = {
      ...shown.result,
      outcomes: [...this.ends.values()],
      conditions: conditionsOver(results),
      stats: {
        ...stats,
        executions: results.length,
        transitions: results.reduce((sum, one) => sum + one.stats.transitions, 0),
        seconds: results.reduce((sum, one) => sum + one.stats.seconds, 0),
      },
    };
    return { ...shown, result };
  }
}

/** A condition holds if it does in every execution; an `exists` or a hazard in any. */
function conditionsOver(results: readonly TestResult[]): ConditionResult[] {
  const all = new Map<string, ConditionResult>();
  for (const condition of results.flatMap(({ conditions }) => conditions)) {
    const key = `${condition.line} ${condition.kind} ${condition.text}`;
    const known = all.get(key);
    const isPossibility = condition.kind === 'exists' || condition.kind === 'hazard';
    const wins = known === undefined || (isPossibility ? condition.holds : !condition.holds);
    if (wins) all.set(key, condition);
  }
  return [...all.values()].sort((left, right) => left.line - right.line);
}
