import type { Scheme } from '../../../src/litmus/index.ts';
import type { BadCondition, MeasuredEnd } from '../check/measuredEnd.ts';
import { nearestEnd, questionOf } from '../check/nearestEnd.ts';
import type { RunRequest } from './requests.ts';
import { variantOf } from './variant.ts';

/** Looks for the end that is nearest to a condition, among those that some schedules lead to. */
export async function executeNearest(
  { file, text, bug }: Omit<RunRequest, 'schedules'>,
  scheme: Scheme,
  condition: string,
  replays: readonly string[],
): Promise<MeasuredEnd | BadCondition | null> {
  const question = questionOf(text, file, condition);
  if ('error' in question) return question;
  return nearestEnd(question, scheme, replays, await variantOf(bug, scheme));
}
