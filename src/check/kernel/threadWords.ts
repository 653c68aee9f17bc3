import type { Memory } from '../../machine/memory.ts';
import type { ThreadState, ThreadStatus } from '../../run/interpreter/threadState.ts';
import { COUNTERS_PER_THREAD, test_counter, test_thread } from './watchedWords.ts';

const STATUSES: readonly ThreadStatus[] = ['absent', 'live', 'joining', 'finished'];

/**
 * Moves what changes of the threads of a run into words of the memory. The run's own code goes on working on them:
 * it sees the same properties.
 */
export function keepInMemory(states: readonly ThreadState[], memory: Memory): void {
  const { status, position, left } = memory.of(test_thread);
  const { rounds } = memory.of(test_counter);
  for (const state of states) {
    const { index } = state;
    Object.defineProperties(state, {
      status: {
        get: () => STATUSES[status.get(index)] ?? 'absent',
        set: (value: ThreadStatus) => status.set(index, STATUSES.indexOf(value)),
      },
      position: { get: () => position.get(index), set: (value: number) => position.set(index, value) },
      hasLeft: {
        get: () => left.get(index) !== 0,
        set: (value: boolean) => left.set(index, value ? 1 : 0),
      },
    });
    for (const counter of state.counters.keys()) {
      const slot = index * COUNTERS_PER_THREAD + counter;
      Object.defineProperty(state.counters, counter, {
        get: () => rounds.get(slot),
        set: (value: number) => rounds.set(slot, value),
      });
    }
  }
}
