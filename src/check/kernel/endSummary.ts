import type { PropertyName, ResolvedCondition } from '../../litmus/index.ts';
import { SHARED } from '../collapse/collapsedModel.ts';
import type { State } from '../model.ts';
import type { EndJudge, EndOutcome } from './endJudge.ts';

/** The number of the first state of some sort. */
type First<Key> = ReadonlyMap<Key, number>;

/** All ends that a search met, together. */
export interface EndSummary {
  /** Ends that differ in anything. */
  readonly executions: number;
  /** First end in which each condition is true, and first in which it is not. */
  readonly whereTrue: First<ResolvedCondition>;
  readonly whereFalse: First<ResolvedCondition>;
  /** First end after which each property is broken. */
  readonly whereBroken: First<PropertyName>;
  /** First end of each distinct outcome, in the order in which they were met. */
  readonly outcomes: readonly { readonly state: number; readonly outcome: EndOutcome }[];
}

/** Looks at every end once. */
export function summarise(
  forEachEnd: (visit: (number: number, state: State) => void) => void,
  judge: EndJudge,
  conditions: readonly ResolvedCondition[],
): EndSummary {
  const whereTrue = new Map<ResolvedCondition, number>();
  const whereFalse = new Map<ResolvedCondition, number>();
  const whereBroken = new Map<PropertyName, number>();
  const outcomes = new Map<string, { readonly state: number; readonly outcome: EndOutcome }>();
  let executions = 0;
  forEachEnd((number, state) => {
    executions++;
    const outcome = judge.outcomeOf(state[SHARED] ?? 0);
    for (const condition of conditions) {
      note(outcome.isTrue.has(condition) ? whereTrue : whereFalse, condition, number);
    }
    for (const { property } of outcome.broken) note(whereBroken, property, number);
    const key = JSON.stringify([outcome.registers, outcome.pages]);
    if (!outcomes.has(key)) outcomes.set(key, { state: number, outcome });
  });
  return { executions, whereTrue, whereFalse, whereBroken, outcomes: [...outcomes.values()] };
}

function note<Key>(first: Map<Key, number>, key: Key, number: number): void {
  if (!first.has(key)) first.set(key, number);
}
