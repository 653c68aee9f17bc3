import { compareEnds, isWhole, type KernelDifference, registersText } from '../../compare/index.ts';
import type { ExecutedTest } from '../../lab/execute/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { runJob } from '../check/job.ts';
import type { Host } from '../host.ts';
import type { KernelComparison } from './kernelComparison.ts';

/** States after which a check counts as too large to know every end. */
const MAXIMUM_STATES = 100_000;

/**
 * Adds to a comparison, where the test was executed often, which ends the model can come to in any execution: an end of the
 * kernel's that is none of them is a difference; what the model breaks in some execution, too, is none.
 */
export async function withEnds(
  single: KernelComparison,
  { outcome, isRepeated }: ExecutedTest,
  host: Host,
): Promise<KernelComparison> {
  const { result } = single;
  if (!isRepeated || single.outcome === 'error' || (result.outcomes ?? []).length === 0) return single;
  const options = { allOutcomes: true, maximumStates: MAXIMUM_STATES };
  const { result: checked } = await runJob(
    { program: outcome.executed, scheme: result.scheme, options },
    { isInterrupted: () => host.isInterrupted, breathe: () => host.breathe(), progress: () => {} },
  );
  const comparison = withoutWhatModelBreaks(single, checked);
  const ends = compareEnds(checked, result);
  if (ends === null) {
    const broken = checked.violations[0]?.property;
    const why =
      checked.error ?? (broken === undefined ? 'the check is incomplete' : `the model breaks ${broken}`);
    return { ...comparison, ends: { isCompared: false, why } };
  }
  const [impossible] = ends.impossible;
  const compared = {
    ...comparison,
    ends: { isCompared: true, unseen: ends.unseen.map(registersText) } as const,
  };
  if (impossible === undefined || comparison.difference !== null) return compared;
  const difference: KernelDifference = {
    step: null,
    text: registersText(impossible),
    line: null,
    field: 'registers at the end',
    model: 'impossible',
    kernel: impossible.replay,
  };
  return { ...compared, outcome: 'differs', difference };
}

/** A single execution of the model keeps what another one may break. */
function withoutWhatModelBreaks(comparison: KernelComparison, checked: TestResult): KernelComparison {
  const { difference } = comparison;
  if (difference === null || !isWhole(comparison.result)) return comparison;
  const { field, text, line } = difference;
  const isBroken =
    checked.violations.some(({ property }) => property === field) ||
    checked.conditions.some(
      (condition) =>
        condition.kind === field && condition.text === text && condition.line === line && !condition.holds,
    );
  return isBroken ? { ...comparison, outcome: 'agrees', difference: null } : comparison;
}
