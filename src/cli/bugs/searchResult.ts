import { isAsExpected, type Search } from '../../bugs/index.ts';
import type { Statistics, TestResult } from '../../litmus/output/index.ts';

/**
 * A search as one result of the contract. Its verdict is `ok` when the bug was found with its change and nothing
 * without; steps, conditions and violations are those of the kernel with the bug, or of the one without where that
 * breaks something.
 */
export function searchResult(
  search: Search,
  { seconds, peakBytes }: Pick<Statistics, 'seconds' | 'peakBytes'>,
): TestResult {
  const { bug, scheme, found, dirty, results } = search;
  const shown = dirty ?? found;
  const executions = results.withBug + results.without;
  return {
    steps: [],
    conditions: [],
    violations: [],
    ...shown,
    file: bug.program.fileName,
    name: bug.name,
    scheme,
    source: 'model',
    verdict: isAsExpected(search) ? 'ok' : 'violated',
    ...(isAsExpected(search) ? {} : { error: complaint(search) }),
    stats: {
      states: 0,
      ...shown?.stats,
      transitions: shown?.stats.transitions ?? 0,
      executions,
      complete: true,
      seconds,
      peakBytes,
    },
  };
}

/** What is not as expected. */
export function complaint({ bug, dirty, results }: Search): string {
  if (dirty !== null) return `the kernel without '${bug.name}' fails its test`;
  return `'${bug.name}' breaks '${bug.breaks}' in none of ${results.withBug} executions`;
}
