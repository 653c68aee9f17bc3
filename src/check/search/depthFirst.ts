import { type Model, NO_LONE_ACTION, STEPPED } from '../model.ts';
import { NumberList } from '../store/numberList.ts';
import { ExactSearch, NOWHERE } from './exactSearch.ts';
import type { Place } from './observations.ts';
import type { Trace, TraceStep } from './result.ts';
import type { SearchOptions } from './search.ts';

const NO_PARENT = -1;

/** What a state on the path has still to try. From 0 on: that action and all after it. */
const LONE_ACTION_FIRST = -1;
const DECIDED_BY_LONE_ACTION = -2;
const NOTHING_MORE = -3;

/**
 * Depth-first search: follows one execution to its end before it turns back. It may find a deep error early,
 * and its traces are long; in the end it has covered what breadth-first search covers.
 */
export class DepthFirstSearch extends ExactSearch {
  private readonly initialStates: number;
  private nextInitialState = 0;
  /** For each state, the state from which it was first reached. */
  private readonly parents: NumberList = new NumberList();
  /** For each state, whether it stands on the path. */
  private readonly onPath: NumberList = new NumberList();
  /** The states from an initial one to the one being expanded; what each has still to try; whether it could move. */
  private readonly path: NumberList = new NumberList();
  private readonly remaining: NumberList = new NumberList();
  private readonly moved: NumberList = new NumberList();
  private longestPath = 0;

  constructor(model: Model, options: SearchOptions = {}) {
    super(model, options);
    this.initialStates = this.begin();
    for (let state = 0; state < this.initialStates; state++) this.register(NO_PARENT);
  }

  advance(states: number): boolean {
    for (let left = states; left > 0 && !this.done(); ) {
      if (this.path.length > 0) left -= this.deepen();
      else if (this.nextInitialState < this.initialStates) this.enter(this.nextInitialState++);
      else this.finish();
    }
    return this.done();
  }

  protected depth(): number {
    return this.longestPath;
  }

  protected ownBytes(): number {
    const { parents, onPath, path, remaining, moved } = this;
    return parents.bytes + onPath.bytes + path.bytes + remaining.bytes + moved.bytes;
  }

  protected tracesInto(places: readonly Place[]): readonly Trace[] {
    return places.map((place) => this.traceInto(place));
  }

  private register(parent: number): void {
    this.parents.push(parent);
    this.onPath.push(0);
  }

  private enter(state: number): void {
    this.path.push(state);
    this.remaining.push(LONE_ACTION_FIRST);
    this.moved.push(0);
    this.onPath.set(state, 1);
    this.longestPath = Math.max(this.longestPath, this.path.length);
  }

  /**
   * Takes one action in the last state of the path and goes on to where it leads if that is new, or turns back
   * if there is none left. Answers the number of states whose expansion it ended.
   */
  private deepen(): number {
    const last = this.path.length - 1;
    const state = this.path.at(last);
    this.store.read(state, this.from);
    const action = this.chooseAction(last);
    if (action === NOTHING_MORE) {
      this.leave(last, state);
      return 1;
    }
    const known = this.store.size;
    const successor = this.take(state, action);
    if (successor !== NOWHERE) this.moved.set(last, 1);
    if (this.remaining.at(last) === DECIDED_BY_LONE_ACTION) {
      // A cycle of lone actions would put off the others for ever: some state on it must try them all.
      const closesCycle = successor >= 0 && successor < known && this.onPath.at(successor) === 1;
      const enough = successor >= 0 && (!closesCycle || this.options.withoutCycleProviso === true);
      this.remaining.set(last, enough ? NOTHING_MORE : 0);
    }
    if (successor >= known) {
      this.register(state);
      this.enter(successor);
    }
    return 0;
  }

  private chooseAction(last: number): number {
    const remaining = this.remaining.at(last);
    if (remaining === NOTHING_MORE || remaining === this.model.actions) return NOTHING_MORE;
    if (remaining === LONE_ACTION_FIRST && this.isCutOff(this.from)) {
      this.moved.set(last, 1);
      return NOTHING_MORE;
    }
    const lone = remaining === LONE_ACTION_FIRST ? this.loneAction() : NO_LONE_ACTION;
    if (lone !== NO_LONE_ACTION) {
      this.remaining.set(last, DECIDED_BY_LONE_ACTION);
      return lone;
    }
    const action = Math.max(0, remaining);
    this.remaining.set(last, action + 1);
    return action;
  }

  private leave(last: number, state: number): void {
    const moved = this.moved.at(last) === 1;
    this.path.pop();
    this.remaining.pop();
    this.moved.pop();
    this.onPath.set(state, 0);
    this.expansionEnds(state, moved);
  }

  private traceInto(place: Place): Trace {
    const steps: TraceStep[] = [];
    if (place.failedAction !== null) steps.push({ action: place.failedAction, state: null });
    let number = place.state;
    let state = this.wordsOf(number);
    for (let parent = this.parents.at(number); parent !== NO_PARENT; parent = this.parents.at(number)) {
      const before = this.wordsOf(parent);
      steps.push({ action: this.actionBetween(before, state), state });
      number = parent;
      state = before;
    }
    return { initial: state, steps: steps.reverse() };
  }

  private wordsOf(number: number): Int32Array {
    const state = new Int32Array(this.model.width);
    this.store.read(number, state);
    return state;
  }

  private actionBetween(before: Int32Array, after: Int32Array): number {
    const to = new Int32Array(this.model.width);
    for (let action = 0; action < this.model.actions; action++) {
      if (this.model.step(before, action, to) !== STEPPED) continue;
      if (to.every((word, position) => word === after[position])) return action;
    }
    throw new Error('no action leads from a state to its successor: the model’s steps are no function');
  }
}
