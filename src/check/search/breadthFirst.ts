import { type Model, NO_LONE_ACTION } from '../model.ts';
import { ExactSearch, NOWHERE } from './exactSearch.ts';
import type { Place } from './observations.ts';
import { recoverTraces } from './predecessors.ts';
import type { Trace } from './result.ts';
import type { SearchOptions } from './search.ts';

/**
 * Breadth-first search: states in the order of their distance from an initial state, so that the first finding
 * has a shortest trace. The stored states are their own queue.
 */
export class BreadthFirstSearch extends ExactSearch {
  /** First state of each level. */
  private readonly levels: number[] = [0];
  private nextLevel: number;
  private cursor = 0;

  constructor(model: Model, options: SearchOptions = {}) {
    super(model, options);
    this.nextLevel = this.begin();
  }

  advance(states: number): boolean {
    for (let expanded = 0; expanded < states && !this.done(); expanded++) {
      if (this.cursor === this.store.size) this.finish();
      else this.expand();
    }
    return this.done();
  }

  protected depth(): number {
    return this.levels.length;
  }

  protected ownBytes(): number {
    return 0;
  }

  protected tracesInto(places: readonly Place[]): readonly Trace[] {
    const { model, store } = this;
    const levels = [...this.levels, this.nextLevel];
    return recoverTraces({ model, store, levels, isCutOff: (state) => this.isCutOff(state) }, places);
  }

  private expand(): void {
    const state = this.cursor++;
    if (state === this.nextLevel) {
      this.levels.push(state);
      this.nextLevel = this.store.size;
    }
    this.store.read(state, this.from);
    if (this.isCutOff(this.from)) {
      this.expansionEnds(state, true);
      return;
    }
    const lone = this.loneAction();
    const moved = (lone !== NO_LONE_ACTION && this.isEnough(state, lone)) || this.takeAllBut(state, lone);
    this.expansionEnds(state, moved);
  }

  /**
   * Takes a lone action. It is enough if it leads to a deeper level: then no cycle consists of lone actions
   * alone, on which the other actions would be put off for ever. Levels decide rather than numbers, so that the
   * order within a level does not matter.
   */
  private isEnough(state: number, lone: number): boolean {
    const successor = this.take(state, lone);
    return successor >= this.nextLevel || (successor >= 0 && this.options.withoutCycleProviso === true);
  }

  /** Takes all actions but one that was taken already. Answers whether any was enabled, that one included. */
  private takeAllBut(state: number, taken: number): boolean {
    let moved = taken !== NO_LONE_ACTION;
    const { actions } = this.model;
    for (let action = 0; action < actions; action++) {
      if (action !== taken && this.take(state, action) !== NOWHERE) moved = true;
    }
    return moved;
  }
}
