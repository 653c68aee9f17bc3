import {
  type Model,
  NO_LONE_ACTION,
  NOT_ENABLED,
  type Property,
  STEPPED,
  type State,
} from '../../../src/check/model.ts';

/** An edge of a graph: to another state, or a failure. */
export type Edge = { readonly to: number } | { readonly fails: number };

export interface Graph {
  /** Per state, its edges; edge `i` is action `i`. */
  readonly edges: readonly (readonly Edge[])[];
  readonly initial?: readonly number[];
  readonly ends?: readonly number[];
  readonly properties?: readonly Property[];
  /** Per state, the action offered as a lone one. */
  readonly lone?: Readonly<Record<number, number>>;
}

/** A model that is written down state by state. Its states have two words, the number and its complement. */
export function graphModel(graph: Graph): Model {
  const words = (number: number): State => Int32Array.of(number, ~number);
  return {
    width: 2,
    actions: Math.max(1, ...graph.edges.map((edges) => edges.length)),
    properties: graph.properties ?? [],
    initialStates: () => (graph.initial ?? [0]).map(words),
    step(from, action, to) {
      const edge = graph.edges[from[0] ?? 0]?.[action];
      if (edge === undefined) return NOT_ENABLED;
      if ('fails' in edge) return edge.fails;
      to.set(words(edge.to));
      return STEPPED;
    },
    isEnd: (state) => (graph.ends ?? []).includes(state[0] ?? 0),
    describeState: (state) => `state ${state[0]}`,
    describeAction: (_from, action) => `edge ${action}`,
    describeFailure: (failure) => `failure ${failure}`,
    loneAction: (state) => graph.lone?.[state[0] ?? 0] ?? NO_LONE_ACTION,
  };
}

/** What a graph holds, found the plain way: sets of numbers, no packing, no tables. */
export function exploreGraph(graph: Graph): {
  readonly distance: ReadonlyMap<number, number>;
  readonly transitions: number;
  readonly failures: ReadonlySet<number>;
  readonly deadlocks: readonly number[];
  readonly livelocks: readonly number[];
} {
  const distance = new Map((graph.initial ?? [0]).map((state) => [state, 0]));
  const ends = new Set(graph.ends);
  const failures = new Set<number>();
  let transitions = 0;
  for (const [state, steps] of distance) {
    for (const edge of graph.edges[state] ?? []) {
      transitions++;
      if ('fails' in edge) failures.add(edge.fails);
      else if (!distance.has(edge.to)) distance.set(edge.to, steps + 1);
    }
  }
  const states = [...distance.keys()];
  const stops = new Set(
    states.filter((state) => {
      const edges = graph.edges[state] ?? [];
      return (
        ends.has(state) || edges.every((edge) => 'fails' in edge) || edges.some((edge) => 'fails' in edge)
      );
    }),
  );
  for (let before = -1; before !== stops.size; ) {
    before = stops.size;
    for (const state of states) {
      if ((graph.edges[state] ?? []).some((edge) => 'to' in edge && stops.has(edge.to))) stops.add(state);
    }
  }
  return {
    distance,
    transitions,
    failures,
    deadlocks: states.filter((state) => !ends.has(state) && (graph.edges[state] ?? []).length === 0),
    livelocks: states.filter((state) => !stops.has(state)),
  };
}
