import type { ExecutionOptions } from '../../src/run/interpreter/execution.ts';
import type { Comparison } from './compareStep.ts';
import { type Exception, exceptionOf } from './exceptions.ts';
import { type Mode, type RecordedScenario, type Release, recording } from './recording.ts';
import { fieldKind, KNOWN_DIFFERENCES, latestFields } from './releases.ts';
import { replay } from './replay.ts';
import { readScenario } from './scenario.ts';

/** How a recorded scenario and the model compare. */
export interface Judgement {
  readonly scenario: string;
  /** Recorded steps, those compared among them, and the names of the others. */
  readonly recordedSteps: number;
  readonly comparedSteps: number;
  readonly leftOut: readonly string[];
  /** Values compared. */
  readonly values: number;
  /** Values in which the release is not like the latest, which the model follows and is held against instead. */
  readonly ofRelease: number;
  /** Values that differ, each by the exception that allows it. */
  readonly excepted: readonly Exception[];
  /** `read m[0]: pages[0].refcount is 3, recorded 2` */
  readonly differences: readonly string[];
}

/** Replays a recorded scenario and names every value in which the model differs from it. */
export function judge(
  release: Release,
  mode: Mode,
  recorded: RecordedScenario,
  options: ExecutionOptions = {},
): Judgement {
  const scenario = readScenario(recorded.scenario, mode);
  const { steps, violations } = replay(scenario, recorded, release, options);
  const differences = violations.map((violation) => `the model finds ${violation}`);
  let values = 0;
  let ofRelease = 0;
  const excepted: Exception[] = [];
  for (const { position, op, comparisons } of steps) {
    values += comparisons.length;
    const latest = latestFields(mode, recorded.scenario, position);
    for (const comparison of comparisons) {
      if (comparison.recorded === comparison.model) continue;
      const exception = exceptionOf(recorded.scenario, mode, op, comparison.field);
      if (exception !== undefined) excepted.push(exception);
      else if (isOfRelease(comparison, release, mode, latest)) ofRelease++;
      else differences.push(`${op}: ${describe(comparison)}`);
    }
  }
  return {
    scenario: recorded.scenario,
    recordedSteps: recorded.steps.length,
    comparedSteps: steps.length,
    leftOut: scenario.leftOut,
    values,
    ofRelease,
    excepted,
    differences,
  };
}

const judgements = new Map<string, Judgement>();

/** The same of a scenario as it was recorded, done once however often it is asked for. */
export function judgementOf(release: Release, mode: Mode, recorded: RecordedScenario): Judgement {
  const key = `${release} ${mode} ${recorded.scenario}`;
  const known = judgements.get(key) ?? judge(release, mode, recorded);
  judgements.set(key, known);
  return known;
}

/** Those of all scenarios of a release in a mode. */
export function judgeAll(release: Release, mode: Mode): readonly Judgement[] {
  return recording(release, mode).map((recorded) => judgementOf(release, mode, recorded));
}

function describe({ field, recorded, model }: Comparison): string {
  return `${field} is ${String(model)}, recorded ${String(recorded)}`;
}

/** Whether a release is known to differ from the latest in a field of that kind, and the model is as the latest there. */
function isOfRelease(
  { field, recorded, model }: Comparison,
  release: Release,
  mode: Mode,
  latest: ReadonlyMap<string, unknown> | undefined,
): boolean {
  const isKnown = KNOWN_DIFFERENCES.some(
    (known) => known.release === release && known.mode === mode && known.field === fieldKind(field),
  );
  return isKnown && latest?.get(field) === model && latest?.get(field) !== recorded;
}
