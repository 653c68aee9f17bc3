import type { State } from '../model.ts';
import type { Coverage, SearchResult, Trace } from './result.ts';

export interface SearchOptions {
  /** Most states to keep; without it as many as memory holds. */
  readonly maximumStates?: number;
  /**
   * Most bytes for states, tables and the model's caches. Never exceeded by the states; what else grows is
   * looked at after each state, so that it may exceed the bound by a few blocks of 16 KiB.
   */
  readonly maximumBytes?: number;
  /** Goes on after a finding and collects the first of each kind and name. */
  readonly findAll?: boolean;
  /** States in which executions are cut off although something could happen: nothing is taken there. */
  readonly endsAt?: (state: State) => boolean;
  /** Also decides whether from every reachable state an end can be reached. */
  readonly endReachable?: boolean;
  /** Keeps one state for all that differ only in the names of interchangeable parts. */
  readonly symmetry?: boolean;
  /** Takes a lone action alone where the model offers one. */
  readonly loneActions?: boolean;
  /** Unsound, for the test that shows why: trusts a lone action even where it closes a cycle. */
  readonly withoutCycleProviso?: boolean;
}

/**
 * A search under way. It advances in slices, so that whoever drives it can show progress, answer an interrupt
 * and stop it; what it has done so far can be asked for at any time.
 */
export interface Search {
  /** Expands up to `states` further states; answers whether it is done. */
  advance(states: number): boolean;
  /** Ends the search where it is. */
  stop(): void;
  coverage(): Coverage;
  /** Whether anything has been found that breaks a property, or a step that fails. */
  readonly hasFound: boolean;
  result(): SearchResult;
  /** Visits the ends met so far, in the order in which they were met. */
  forEachEnd(visit: (number: number, state: State) => void): void;
  /** Executions into states, by their numbers. */
  tracesTo(states: readonly number[]): readonly Trace[];
}

/** What a driver does between two slices. */
export interface SearchWatcher {
  /** States a slice. */
  readonly slice?: number;
  readonly progress?: (coverage: Coverage) => void;
  /** Asked after each slice; true ends the search. */
  readonly interrupted?: () => boolean;
}

const DEFAULT_SLICE = 50_000;

/** Drives a search to its end, or until the watcher interrupts it. */
export function runSearch(search: Search, watcher: SearchWatcher = {}): SearchResult {
  while (!search.advance(watcher.slice ?? DEFAULT_SLICE)) afterSlice(search, watcher);
  return search.result();
}

/**
 * As `runSearch`, but gives way after every slice: `pause` resolves when the host (an event loop that has
 * signals to deliver, a page to draw) has had its turn.
 */
export async function runSearchGivingWay(
  search: Search,
  pause: () => Promise<void>,
  watcher: SearchWatcher = {},
): Promise<SearchResult> {
  while (!search.advance(watcher.slice ?? DEFAULT_SLICE)) {
    await pause();
    afterSlice(search, watcher);
  }
  return search.result();
}

function afterSlice(search: Search, watcher: SearchWatcher): void {
  watcher.progress?.(search.coverage());
  if (watcher.interrupted?.() === true) search.stop();
}
