import { effect, signal } from '@preact/signals';
import type { Scheme } from '../../../src/litmus/index.ts';
import { open, text } from '../session/signals.ts';
import { startWorker } from '../worker/startWorker.ts';
import { checks, isChecking } from './checkSession.ts';
import type { MeasuredEnd } from './measuredEnd.ts';

/** The nearest ends to a condition; undefined under a scheme that has not been checked. */
export type Nearest = { readonly [Name in Scheme]?: MeasuredEnd | null };

export type WhyNotState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'found'; readonly nearest: Nearest };

/** The condition that is asked about. */
export const wanted = signal('');
export const whyNot = signal<WhyNotState>({ kind: 'idle' });

const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];
/** Grows with every question: an answer to an earlier one is not shown. */
let asked = 0;

/** Looks for the ends that are nearest to a condition, among those that the check has found. */
export async function askWhyNot(condition: string): Promise<void> {
  const test = open.value;
  if (test === null) return;
  const question = ++asked;
  wanted.value = condition;
  whyNot.value = { kind: 'working' };
  const state = await findNearest({ file: test.file, text: text.value, bug: test.bug }, condition);
  if (question === asked) whyNot.value = state;
}

async function findNearest(
  test: { readonly file: string; readonly text: string; readonly bug: string | null },
  condition: string,
): Promise<WhyNotState> {
  const { thread, api, died } = startWorker();
  try {
    const nearest: { -readonly [Name in Scheme]?: MeasuredEnd | null } = {};
    for (const scheme of SCHEMES) {
      const replays = replaysOf(scheme);
      if (replays === undefined) continue;
      const answer = await Promise.race([api.nearest(test, scheme, condition, replays), died]);
      if (answer !== null && 'error' in answer) return { kind: 'failed', message: answer.error };
      nearest[scheme] = answer;
    }
    return { kind: 'found', nearest };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  } finally {
    thread.terminate();
  }
}

/** Schedules that lead to the ends that a check has found; undefined where there was none. */
function replaysOf(scheme: Scheme): readonly string[] | undefined {
  const state = checks.value[scheme];
  if (state.kind !== 'done' || state.answer.result.error !== undefined) return undefined;
  return (state.answer.result.outcomes ?? []).map(({ replay }) => replay);
}

/** What was said of other ends is said no more. */
effect(() => {
  void text.value;
  void open.value;
  if (!isChecking.value && checks.peek().devmap.kind !== 'idle') return;
  asked++;
  whyNot.value = { kind: 'idle' };
});
