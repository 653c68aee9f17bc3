import type { Edge, Graph } from './graph.ts';

/** A stream of numbers from a seed (mulberry32): `below(n)` is 0 to n - 1. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A small graph with a few ends and failures, some states of which have no way out. */
export function randomGraph(seed: number): Graph {
  const below = numbersFrom(seed);
  const states = 2 + below(40);
  const edges = Array.from({ length: states }, (): Edge[] =>
    Array.from({ length: below(4) }, () =>
      below(12) === 0 ? { fails: 2 + below(2) } : { to: below(states) },
    ),
  );
  const ends = Array.from({ length: below(4) }, () => below(states));
  return { edges, ends, initial: [...new Set([below(states), below(states)])] };
}
