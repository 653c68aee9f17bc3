import { type Model, STEPPED, type State } from '../model.ts';
import { ComponentStore } from '../store/componentStore.ts';
import { NumberList } from '../store/numberList.ts';
import { FULL } from '../store/stateStore.ts';

/** What an execution should come to. */
export interface Goal {
  /** Whether an execution into this state is one; asked of every state that is not cut off. */
  readonly isReached: (state: State) => boolean;
  /** The failure that the last step should end in; null if the goal is a state. */
  readonly failure: number | null;
  /** States in which executions are cut off, unless they are the goal. */
  readonly isCutOff: (state: State) => boolean;
}

const NO_PARENT = -1;

/**
 * Looks for an execution that comes to a goal with as few changes from one thread to another as possible, and of
 * these one that is short: it is easier to read than the shortest one, which hops from thread to thread. Answers the
 * actions taken, or null if there is none within the bound on states.
 */
export function fewestSwitches(model: Model, goal: Goal, maximumStates: number): readonly number[] | null {
  return new SwitchSearch(model, goal, maximumStates).run();
}

/** Searches layer by layer; layer n holds all that n changes of thread lead to. A node is a state and who came last. */
class SwitchSearch {
  private readonly model: Model;
  private readonly goal: Goal;
  private readonly store: ComponentStore;
  private readonly parents = new NumberList();
  private readonly node: Int32Array;
  private readonly from: Int32Array;
  private readonly to: Int32Array;
  /** The node at which the goal was reached, and the action that failed there, if one did. */
  private reached: { readonly node: number; readonly failed: number | null } | null = null;
  private isFull = false;

  constructor(model: Model, goal: Goal, maximumStates: number) {
    this.model = model;
    this.goal = goal;
    this.store = new ComponentStore(model.width + 1, {
      states: maximumStates,
      bytes: Number.POSITIVE_INFINITY,
    });
    this.node = new Int32Array(model.width + 1);
    this.from = new Int32Array(model.width);
    this.to = new Int32Array(model.width);
  }

  run(): readonly number[] | null {
    for (const state of this.model.initialStates()) {
      this.to.set(state);
      this.admit(this.model.actions, NO_PARENT);
    }
    for (let first = 0; first < this.store.size && this.goesOn(); ) {
      let end = first;
      for (; end < this.store.size && this.goesOn(); end++) this.goOn(end);
      for (let node = first; node < end && this.goesOn(); node++) this.change(node);
      first = end;
    }
    return this.reached === null ? null : this.pathTo(this.reached);
  }

  private goesOn(): boolean {
    return this.reached === null && !this.isFull;
  }

  /** The thread that came last takes another action. */
  private goOn(node: number): void {
    const last = this.read(node);
    if (last < this.model.actions) this.take(node, last);
  }

  /** Any other thread takes an action. */
  private change(node: number): void {
    const last = this.read(node);
    for (let action = 0; action < this.model.actions && this.goesOn(); action++) {
      if (action !== last) this.take(node, action);
    }
  }

  private read(node: number): number {
    this.store.read(node, this.node);
    this.from.set(this.node.subarray(0, this.model.width));
    return this.node[this.model.width] ?? 0;
  }

  private take(node: number, action: number): void {
    if (this.goal.isCutOff(this.from)) return;
    const outcome = this.model.step(this.from, action, this.to);
    if (outcome === STEPPED) this.admit(action, node);
    else if (outcome === this.goal.failure) this.reached = { node, failed: action };
  }

  private admit(last: number, parent: number): void {
    this.node.set(this.to);
    this.node[this.model.width] = last;
    const added = this.store.add(this.node);
    if (added === FULL) this.isFull = true;
    if (added < 0) return;
    this.parents.push(parent);
    if (this.goal.isReached(this.to)) this.reached = { node: added, failed: null };
  }

  private pathTo({
    node,
    failed,
  }: {
    readonly node: number;
    readonly failed: number | null;
  }): readonly number[] {
    const actions = failed === null ? [] : [failed];
    for (let at = node; this.parents.at(at) !== NO_PARENT; at = this.parents.at(at))
      actions.push(this.read(at));
    return actions.reverse();
  }
}
