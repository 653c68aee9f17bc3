import { type Model, NOT_ENABLED, STEPPED, type State } from '../../../src/check/model.ts';

const DONE = 4;

/**
 * Two threads of four steps each: take a lock, take another, drop that one, drop the first. `orders` says which
 * lock, 0 or 1, each thread takes first; if they differ, the threads can wait for each other (AB-BA). A state
 * is the two program counters.
 */
export function opposedLocks(orders: readonly [number, number]): Model {
  const holds = (state: State, thread: number, lock: number): boolean => {
    const counter = state[thread] ?? 0;
    return lock === orders[thread] ? counter >= 1 && counter <= 3 : counter === 2;
  };
  return {
    width: 2,
    actions: 2,
    properties: [],
    initialStates: () => [Int32Array.of(0, 0)],
    step(from, thread, to) {
      const counter = from[thread] ?? 0;
      if (counter === DONE) return NOT_ENABLED;
      const first = orders[thread] ?? 0;
      const wanted = [first, 1 - first][counter];
      if (wanted !== undefined && holds(from, 1 - thread, wanted)) return NOT_ENABLED;
      to.set(from);
      to[thread] = counter + 1;
      return STEPPED;
    },
    isEnd: (state) => state.every((counter) => counter === DONE),
    describeState: (state) => state.join(' '),
    describeAction: (from, thread) => `thread ${thread} at ${from[thread]}`,
    describeFailure: (failure) => `failure ${failure}`,
  };
}
