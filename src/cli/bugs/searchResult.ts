import { breaks, type Found, isAsExpected } from '../../bugs/index.ts';
import type { TestResult, Verdict } from '../../litmus/output/index.ts';

/** What a result says besides of the two searches that it puts together. */
export interface BugSearchResult extends TestResult {
  readonly bug: {
    /** Whether steps, conditions and violations are those of the kernel with the bug. */
    readonly applied: boolean;
    /** What its test came to on the kernel with the bug, and on the one without. */
    readonly verdicts: { readonly with: Verdict; readonly without: Verdict };
  };
}

/**
 * A search for a bug as one result of the contract. Its verdict is `ok` when the bug was found with its change, and all
 * executions without it are in order; steps, conditions and violations are those of the kernel with the bug, or of the
 * one without where that is not in order. States, transitions and executions are those of both, and it is complete when
 * nothing more would be found: the bug is there, and all was looked at without it.
 */
export function searchResult(found: Found, seconds: number): BugSearchResult {
  const { bug, scheme, withBug, without } = found;
  const shown = without.verdict === 'violated' ? without : withBug;
  const { steps, unfinished, replay, conditions, violations } = shown;
  const complaint = complaintOf(found);
  return {
    file: bug.program.fileName,
    name: bug.name,
    scheme,
    source: 'model',
    bug: {
      applied: shown === withBug,
      verdicts: { with: withBug.verdict, without: without.verdict },
    },
    verdict: verdictOf(found),
    steps,
    ...(unfinished && { unfinished }),
    ...(replay === undefined ? {} : { replay }),
    ...(complaint === undefined ? {} : { error: complaint }),
    conditions,
    violations,
    stats: {
      executions: withBug.stats.executions + without.stats.executions,
      states: withBug.stats.states + without.stats.states,
      transitions: withBug.stats.transitions + without.stats.transitions,
      seconds,
      peakBytes: Math.max(withBug.stats.peakBytes, without.stats.peakBytes),
      complete: without.stats.complete && (withBug.stats.complete || withBug.verdict === 'violated'),
    },
  };
}

function verdictOf(found: Found): Verdict {
  const { bug, withBug, without } = found;
  if (withBug.verdict === 'error' || without.verdict === 'error') return 'error';
  if (isAsExpected(found)) return 'ok';
  const isUnfound = withBug.verdict !== 'incomplete' && !breaks(withBug, bug.breaks);
  return isUnfound || without.verdict === 'violated' ? 'violated' : 'incomplete';
}

/** What is not as expected; undefined if all is. */
export function complaintOf({ bug, withBug, without }: Found): string | undefined {
  const error = withBug.error ?? without.error;
  if (error !== undefined) return error;
  if (without.verdict === 'violated') return `the kernel without '${bug.name}' fails its test`;
  if (!breaks(withBug, bug.breaks)) {
    const extent = withBug.stats.complete ? 'in none of' : 'in none so far of';
    return `'${bug.name}' breaks '${bug.breaks}' ${extent} ${withBug.stats.states} states`;
  }
  if (without.stats.complete) return undefined;
  return `the kernel without '${bug.name}' was not searched to the end`;
}
