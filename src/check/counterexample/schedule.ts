import type { ScheduleRun } from '../../run/index.ts';
import { STEPPED } from '../model.ts';
import type { ReducedModel } from '../reductions/reducedModel.ts';
import type { Trace } from '../search/result.ts';

/** The schedule of a run that takes the actions of a trace. */
export function scheduleOfTrace(model: ReducedModel, trace: Trace): readonly ScheduleRun[] {
  return scheduleOfActions(
    model,
    trace.steps.map(({ action }) => action),
  );
}

/** The schedule of a run that takes these actions from the initial state, each thread's neighbouring steps joined. */
export function scheduleOfActions(model: ReducedModel, actions: readonly number[]): readonly ScheduleRun[] {
  const runs: { thread: number; steps: number }[] = [];
  let from = new Int32Array(model.initialStates()[0] ?? []);
  for (const action of actions) {
    const steps = model.stepsOf(from, action);
    const last = runs.at(-1);
    if (last?.thread === action) last.steps += steps;
    else runs.push({ thread: action, steps });
    const to = new Int32Array(model.width);
    if (model.step(from, action, to) === STEPPED) from = to;
  }
  return runs;
}

/** Steps of all runs together. */
export function stepsOf(runs: readonly ScheduleRun[]): number {
  return runs.reduce((sum, { steps }) => sum + steps, 0);
}
