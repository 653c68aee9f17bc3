import { NOT_ENABLED, STEPPED } from '../../../src/check/model.ts';
import { describeEnd, executeStep, startThread, type TinyProgram, type TinyThread } from './tinyProgram.ts';

/** All that a program can do, from every interleaving of its steps. */
export interface TinyOutcomes {
  readonly states: number;
  readonly transitions: number;
  /** Shared words and registers where all threads are done. */
  readonly ends: ReadonlySet<string>;
  readonly failures: ReadonlySet<number>;
  /** Where each thread stands when none can go on. */
  readonly deadlocks: ReadonlySet<string>;
  readonly broken: boolean;
  readonly livelock: boolean;
}

interface TinyState {
  readonly words: readonly number[];
  readonly threads: readonly TinyThread[];
}

/** Explores the plain way: states as text in a map, no numbering, no reduction. */
export function exploreTiny(program: TinyProgram): TinyOutcomes {
  const initial: TinyState = {
    words: program.words,
    threads: program.threads.map((_, thread) => startThread(program, thread)),
  };
  const known = new Map<string, { readonly state: TinyState; readonly next: string[]; stops: boolean }>();
  const enter = (state: TinyState): string => {
    const key = JSON.stringify(state);
    if (!known.has(key)) known.set(key, { state, next: [], stops: false });
    return key;
  };
  enter(initial);
  const ends = new Set<string>();
  const failures = new Set<number>();
  const deadlocks = new Set<string>();
  let transitions = 0;
  let broken = false;
  for (const node of known.values()) {
    const { state } = node;
    if (program.always?.(state.words) === false) broken = true;
    let moved = false;
    state.threads.forEach((_, thread) => {
      const threads = structuredClone(state.threads) as TinyThread[];
      const words = [...state.words];
      const outcome = executeStep(program.threads[thread] ?? [], threads[thread] as TinyThread, words);
      if (outcome === NOT_ENABLED) return;
      moved = true;
      transitions++;
      if (outcome === STEPPED) node.next.push(enter({ words, threads }));
      else {
        failures.add(outcome);
        node.stops = true;
      }
    });
    if (moved) continue;
    node.stops = true;
    const isEnd = state.threads.every(({ pc }, thread) => pc >= (program.threads[thread]?.length ?? 0));
    if (isEnd) ends.add(describeEnd(state.words, state.threads));
    else deadlocks.add(state.threads.map(({ pc }) => pc).join());
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of known.values()) {
      if (node.stops || !node.next.some((key) => known.get(key)?.stops === true)) continue;
      node.stops = true;
      changed = true;
    }
  }
  const livelock = [...known.values()].some(({ stops }) => !stops);
  return { states: known.size, transitions, ends, failures, deadlocks, broken, livelock };
}
