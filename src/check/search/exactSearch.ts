import { type Model, NO_LONE_ACTION, NOT_ENABLED, STEPPED, type State } from '../model.ts';
import { concreteTrace, underSymmetry } from '../reductions/symmetry.ts';
import { ComponentStore } from '../store/componentStore.ts';
import { FULL, type StateSet, StateStore } from '../store/stateStore.ts';
import { findLivelock, livelockBytes } from './livelock.ts';
import { Observations, type Place } from './observations.ts';
import type { Coverage, SearchResult, StopReason, Trace } from './result.ts';
import type { Search, SearchOptions } from './search.ts';

/** What taking an action led to, where it led to no state. */
export const NOWHERE: number = -1;
const FAILED = -2;

/** Adding up all tables takes longer than adding a state to them. */
const STATES_BETWEEN_MEASURES = 1024;

/** What every strategy with an exact visited set shares: all but the order in which states are expanded. */
export abstract class ExactSearch implements Search {
  /** The model as searched, perhaps under symmetry. */
  protected readonly model: Model;
  protected readonly options: SearchOptions;
  protected readonly store: StateSet;
  /** The state being expanded. */
  protected readonly from: Int32Array;
  private readonly to: Int32Array;
  private readonly concrete: Model;
  private readonly observations: Observations;
  private readonly maximumBytes: number;
  private expanded = 0;
  private transitions = 0;
  private peakBytes = 0;
  private complete = false;
  /** Ended, and not complete: the model has left out what turned out to be needed. */
  private outgrown = false;
  private stoppedBy: StopReason | null = null;

  constructor(model: Model, options: SearchOptions) {
    this.concrete = model;
    this.model = options.symmetry === true ? underSymmetry(model) : model;
    this.options = options;
    this.maximumBytes = options.maximumBytes ?? Number.POSITIVE_INFINITY;
    const bounds = { states: options.maximumStates ?? Number.POSITIVE_INFINITY, bytes: this.maximumBytes };
    this.store =
      model.smallNumbers === true
        ? new ComponentStore(model.width, bounds)
        : new StateStore(model.width, bounds);
    this.observations = new Observations(this.model);
    this.from = new Int32Array(model.width);
    this.to = new Int32Array(model.width);
  }

  abstract advance(states: number): boolean;

  /** As `Coverage.depth`. */
  protected abstract depth(): number;

  /** Bytes of what the strategy keeps besides the store. */
  protected abstract ownBytes(): number;

  /** The executions of the searched model into states that were met. */
  protected abstract tracesInto(places: readonly Place[]): readonly Trace[];

  stop(): void {
    if (!this.done()) this.stoppedBy = 'interrupt';
  }

  get hasFound(): boolean {
    return this.observations.anyFinding;
  }

  coverage(): Coverage {
    return {
      states: this.store.size,
      expanded: this.expanded,
      transitions: this.transitions,
      depth: this.depth(),
      bytes: this.measureBytes(),
      complete: this.complete,
      stoppedBy: this.stoppedBy,
    };
  }

  result(): SearchResult {
    const report = this.observations.report(this.complete, (places) => this.concreteTraces(places));
    return { ...report, coverage: this.coverage() };
  }

  forEachEnd(visit: (number: number, state: State) => void): void {
    const state = new Int32Array(this.model.width);
    for (let number = 0; number < this.store.size; number++) {
      this.store.read(number, state);
      if (this.model.isEnd(state) && !this.isCutOff(state)) visit(number, state);
    }
  }

  tracesTo(states: readonly number[]): readonly Trace[] {
    return this.concreteTraces(states.map((state) => ({ state, failedAction: null })));
  }

  protected done(): boolean {
    return this.complete || this.outgrown || this.stoppedBy !== null;
  }

  /** Adds the initial states; answers how many there are. */
  protected begin(): number {
    for (const state of this.model.initialStates()) {
      this.to.set(state);
      this.admit();
    }
    return this.store.size;
  }

  protected isCutOff(state: State): boolean {
    return this.options.endsAt?.(state) === true;
  }

  /** The action that may be taken alone in `from`, or `NO_LONE_ACTION`. */
  protected loneAction(): number {
    if (this.options.loneActions !== true) return NO_LONE_ACTION;
    return this.model.loneAction?.(this.from) ?? NO_LONE_ACTION;
  }

  /** Takes an action in `from`. Answers the successor's number, `FAILED`, or `NOWHERE` if it is not enabled. */
  protected take(state: number, action: number): number {
    const outcome = this.model.step(this.from, action, this.to);
    if (outcome === NOT_ENABLED) return NOWHERE;
    this.transitions++;
    if (outcome === STEPPED) return this.admit();
    this.observations.failed(state, action, outcome);
    return FAILED;
  }

  /** All actions of `from` were tried; `moved`: one of them was enabled. */
  protected expansionEnds(state: number, moved: boolean): void {
    if (this.stoppedBy !== null) return;
    this.expanded++;
    if (!moved && !this.model.isEnd(this.from)) this.observations.deadlocked(state);
    if (this.options.findAll !== true && this.observations.anyFinding) this.stoppedBy = 'finding';
  }

  /** All states are expanded: decides what only the whole graph can tell, if this is the whole graph. */
  protected finish(): void {
    let stuck: number | null = null;
    if (this.options.endReachable === true && this.model.isBoundToEnd?.() !== true) {
      const bytes = this.measureBytes() + livelockBytes(this.store.size, this.transitions);
      if (bytes > this.maximumBytes) {
        this.stoppedBy = 'memory';
        return;
      }
      this.peakBytes = bytes;
      stuck = findLivelock(this.model, this.store, (state) => this.isCutOff(state));
    }
    this.outgrown = this.model.assumptionsHold?.() === false;
    this.complete = !this.outgrown;
    if (this.complete && stuck !== null) this.observations.livelocked(stuck);
  }

  private concreteTraces(places: readonly Place[]): readonly Trace[] {
    const traces = this.tracesInto(places);
    return this.model === this.concrete ? traces : traces.map((trace) => concreteTrace(this.concrete, trace));
  }

  private admit(): number {
    const added = this.store.add(this.to);
    if (added >= 0) {
      this.observations.judge(added, this.to);
      if (this.store.size % STATES_BETWEEN_MEASURES === 0 && this.measureBytes() > this.maximumBytes) {
        this.stoppedBy = 'memory';
      }
      return added;
    }
    if (added !== FULL) return ~added;
    this.stoppedBy = this.store.size === this.options.maximumStates ? 'states' : 'memory';
    return FAILED;
  }

  private measureBytes(): number {
    this.store.reserved = this.ownBytes() + (this.model.bytes ?? 0);
    this.peakBytes = Math.max(this.peakBytes, this.store.bytes + this.store.reserved);
    return this.peakBytes;
  }
}
