import type { ComponentModel } from '../collapse/componentModel.ts';
import { type StepTable, stepTablesOf } from '../collapse/stepTable.ts';
import type { Model, State } from '../model.ts';
import type { Coverage, SearchResult, StopReason, Trace } from '../search/result.ts';
import type { Search } from '../search/search.ts';
import { ReducedModel, type ReductionOptions } from './reducedModel.ts';
import { Scout } from './scout.ts';
import { WordFacts } from './wordFacts.ts';

/** States after which a round asks for the first time whether it still makes sense; then at each doubling. */
const FIRST_REVIEW = 1024;

/** Walks of the scout between two looks at how far to advance, and the states that take about as long. */
const WALKS_AT_A_TIME = 16;
const STATES_FOR_WALKS = 200;

/**
 * Searches under assumptions about which steps commute, and begins again, knowing more, when they turn out wrong.
 * Facts only ever get worse, so that this ends; steps are remembered from round to round, so that a round costs
 * little more than its states. Whatever a round finds is real; only the last round's coverage is complete.
 */
export class OptimisticSearch implements Search {
  private readonly components: ComponentModel;
  private readonly options: ReductionOptions;
  private readonly strategy: (model: Model) => Search;
  private readonly tables: readonly StepTable[];
  private readonly facts: WordFacts;
  /** The model of the round under way. */
  model: ReducedModel;
  private search: Search;
  private nextReview = FIRST_REVIEW;
  private stopped = false;
  private hasScouted = false;
  /** Under way before the search goes on. */
  private scout: Scout | undefined;
  /** The last round given up that had found something: what it found is real, whatever it assumed. */
  private lastWithFindings: { readonly search: Search; readonly model: ReducedModel } | undefined;
  /** Why a round was cut short that left the word to an earlier one. */
  private cutBy: StopReason | null = null;
  /** Rounds begun. */
  rounds = 1;

  /** `strategy` makes the search of one round. */
  constructor(components: ComponentModel, options: ReductionOptions, strategy: (model: Model) => Search) {
    this.components = components;
    this.options = options;
    this.strategy = strategy;
    this.tables = stepTablesOf(components);
    this.facts = new WordFacts(components);
    this.model = this.reduced();
    this.search = strategy(this.model);
  }

  advance(states: number): boolean {
    let left = states;
    while (left > 0 && !this.stopped) {
      if (this.scout !== undefined) {
        left -= STATES_FOR_WALKS;
        if (this.scout.explore(WALKS_AT_A_TIME)) this.scoutReturns();
        continue;
      }
      const expanded = this.search.coverage().expanded;
      const slice = Math.max(1, Math.min(left, this.nextReview - expanded));
      const done = this.search.advance(slice);
      left -= slice;
      const coverage = this.search.coverage();
      if (coverage.complete) return true;
      if (coverage.stoppedBy !== null) {
        this.stopped = true;
        this.fallBack();
        return true;
      }
      if (done) this.beginAgain();
      else if (coverage.expanded >= this.nextReview) this.review();
    }
    return this.stopped;
  }

  stop(): void {
    this.stopped = true;
    this.search.stop();
    this.fallBack();
  }

  get hasFound(): boolean {
    return this.search.hasFound;
  }

  coverage(): Coverage {
    const coverage = this.search.coverage();
    return this.cutBy === null ? coverage : { ...coverage, stoppedBy: this.cutBy };
  }

  result(): SearchResult {
    return { ...this.search.result(), coverage: this.coverage() };
  }

  forEachEnd(visit: (number: number, state: State) => void): void {
    this.search.forEachEnd(visit);
  }

  tracesTo(states: readonly number[]): readonly Trace[] {
    return this.search.tracesTo(states);
  }

  /** Small searches end before it pays to scout; large ones scout once. */
  private review(): void {
    if (this.options.movers && !this.hasScouted) {
      this.hasScouted = true;
      this.scout = new Scout(this.components, this.tables, this.facts);
    } else this.lookAtAssumptions();
  }

  private scoutReturns(): void {
    this.scout = undefined;
    this.lookAtAssumptions();
  }

  private lookAtAssumptions(): void {
    this.nextReview *= 2;
    if (!this.model.assumptionsHold()) this.beginAgain();
  }

  /** A round that is cut short before it has found anything leaves the word to one that had. */
  private fallBack(): void {
    const { complete, stoppedBy } = this.search.coverage();
    if (this.lastWithFindings === undefined || this.search.hasFound || complete) return;
    this.search = this.lastWithFindings.search;
    this.model = this.lastWithFindings.model;
    this.cutBy = stoppedBy;
  }

  private beginAgain(): void {
    const { search, model } = this;
    if (search.hasFound) this.lastWithFindings = { search, model };
    this.rounds++;
    this.nextReview = FIRST_REVIEW;
    this.model = this.reduced();
    this.search = this.strategy(this.model);
  }

  private reduced(): ReducedModel {
    return new ReducedModel(this.components, this.tables, this.facts, this.options);
  }
}
