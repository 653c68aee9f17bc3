import { type Model, STEPPED, type State } from '../model.ts';
import { NumberList } from '../store/numberList.ts';
import { ABSENT, type StateSet } from '../store/stateStore.ts';

const NONE = -1;

/** The edges of a state graph, found from their targets: each state heads a chain of its predecessors. */
class ReverseEdges {
  private readonly head: Int32Array;
  private readonly source: NumberList = new NumberList();
  private readonly next: NumberList = new NumberList();

  constructor(states: number) {
    this.head = new Int32Array(states).fill(NONE);
  }

  add(source: number, target: number): void {
    this.source.push(source);
    this.next.push(this.head[target] as number);
    this.head[target] = this.source.length - 1;
  }

  forEachSource(target: number, visit: (source: number) => void): void {
    let edge = this.head[target] as number;
    while (edge !== NONE) {
      visit(this.source.at(edge));
      edge = this.next.at(edge);
    }
  }
}

/**
 * The lowest-numbered state from which no end can be reached although something can always happen, or null.
 * Expands every state of a complete search once more and walks the edges backwards from all states in which an
 * execution may stop: ends, and deadlocks, failing steps and states in which it is cut off, which are findings of
 * their own.
 */
export function findLivelock(
  model: Model,
  store: StateSet,
  isCutOff: (state: State) => boolean,
): number | null {
  const edges = new ReverseEdges(store.size);
  const canStop = new Uint8Array(store.size);
  const pending = new NumberList();
  const reach = (state: number): void => {
    if (canStop[state] === 1) return;
    canStop[state] = 1;
    pending.push(state);
  };
  const from = new Int32Array(model.width);
  const to = new Int32Array(model.width);
  for (let state = 0; state < store.size; state++) {
    store.read(state, from);
    if (isCutOff(from)) {
      reach(state);
      continue;
    }
    let stepped = false;
    for (let action = 0; action < model.actions; action++) {
      const outcome = model.step(from, action, to);
      if (outcome === STEPPED) {
        stepped = true;
        const successor = store.find(to);
        if (successor !== ABSENT) edges.add(state, successor);
      } else if (outcome > STEPPED) {
        reach(state);
      }
    }
    if (!stepped || model.isEnd(from)) reach(state);
  }
  while (pending.length > 0) {
    const state = pending.at(pending.length - 1);
    pending.pop();
    edges.forEachSource(state, reach);
  }
  const stuck = canStop.indexOf(0);
  return stuck === -1 ? null : stuck;
}

/** About the bytes that `findLivelock` takes for a graph of that size. */
export function livelockBytes(states: number, transitions: number): number {
  return 5 * states + 8 * transitions;
}
