import { type Model, STEPPED, type State } from '../model.ts';
import { ABSENT, type StateSet } from '../store/stateStore.ts';
import type { Place } from './observations.ts';
import type { Trace, TraceStep } from './result.ts';

interface Predecessor {
  readonly state: number;
  readonly action: number;
}

/** A breadth-first search as far as it has come. */
export interface Explored {
  readonly model: Model;
  readonly store: StateSet;
  /** First state of each level, that of the first level not yet begun included. */
  readonly levels: readonly number[];
  /** States from which nothing was taken. */
  readonly isCutOff: (state: State) => boolean;
}

/**
 * The shortest executions into states of a breadth-first search, which keeps no predecessors: four bytes a
 * state are dearer than expanding the levels on the way once more. All places share one sweep from the deepest
 * level up; each state gets the lowest-numbered predecessor, so the traces do not depend on who else is asked for.
 */
export function recoverTraces(explored: Explored, places: readonly Place[]): readonly Trace[] {
  const predecessors = findPredecessors(explored, places);
  return places.map((place) => traceInto(explored, predecessors, place));
}

function findPredecessors(
  { model, store, levels, isCutOff }: Explored,
  places: readonly Place[],
): ReadonlyMap<number, Predecessor> {
  const found = new Map<number, Predecessor>();
  const wanted = new Set(places.map((place) => place.state));
  const from = new Int32Array(model.width);
  const to = new Int32Array(model.width);
  for (let level = levels.length - 1; level > 0; level--) {
    const first = levels[level - 1] as number;
    const end = levels[level] as number;
    let missing = 0;
    for (const state of wanted) if (state >= end) missing++;
    for (let state = first; state < end && missing > 0; state++) {
      store.read(state, from);
      if (isCutOff(from)) continue;
      for (let action = 0; action < model.actions; action++) {
        if (model.step(from, action, to) !== STEPPED) continue;
        const successor = store.find(to);
        if (successor === ABSENT || successor < end || !wanted.has(successor)) continue;
        found.set(successor, { state, action });
        wanted.delete(successor);
        wanted.add(state);
        missing--;
      }
    }
  }
  return found;
}

function traceInto(
  { model, store }: Explored,
  predecessors: ReadonlyMap<number, Predecessor>,
  place: Place,
): Trace {
  const words = (number: number): Int32Array => {
    const state = new Int32Array(model.width);
    store.read(number, state);
    return state;
  };
  const steps: TraceStep[] = [];
  if (place.failedAction !== null) steps.push({ action: place.failedAction, state: null });
  let state = place.state;
  for (;;) {
    const predecessor = predecessors.get(state);
    if (predecessor === undefined) break;
    steps.push({ action: predecessor.action, state: words(state) });
    state = predecessor.state;
  }
  return { initial: words(state), steps: steps.reverse() };
}
