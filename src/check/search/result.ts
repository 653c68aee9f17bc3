import type { State } from '../model.ts';

/** Why a search ended before it had seen everything. */
export type StopReason =
  /** The bound on states was reached. */
  | 'states'
  /** The bound on memory was reached. */
  | 'memory'
  /** Somebody asked it to stop. */
  | 'interrupt'
  /** Something was found, and one finding was enough. */
  | 'finding';

/** How much of the model a search has seen. */
export interface Coverage {
  /** Distinct states met. */
  readonly states: number;
  /** States all of whose actions were tried. */
  readonly expanded: number;
  /** Steps taken, those to known states and those that failed included. */
  readonly transitions: number;
  /** Breadth-first: levels begun, the initial states being level 1. Depth-first: states on the longest path. */
  readonly depth: number;
  /** Bytes of states, tables and the model's own caches at their largest. */
  readonly bytes: number;
  /** Whether there is nothing left to see, and no assumption of the model has turned out wrong. */
  readonly complete: boolean;
  /** Null while a search goes on, and after one that has come to its end by itself. */
  readonly stoppedBy: StopReason | null;
}

export interface TraceStep {
  readonly action: number;
  /** The state after the step; null where the step failed. */
  readonly state: State | null;
}

/** An execution from an initial state. */
export interface Trace {
  readonly initial: State;
  readonly steps: readonly TraceStep[];
}

export type Finding =
  /** A property of kind `always` does not hold in the last state of the trace. */
  | { readonly kind: 'broken'; readonly property: string; readonly trace: Trace }
  /** The last step of the trace failed. */
  | { readonly kind: 'failure'; readonly failure: number; readonly trace: Trace }
  /** Nothing can happen in the last state of the trace, and it is no end. */
  | { readonly kind: 'deadlock'; readonly trace: Trace }
  /** From the last state of the trace no end can be reached any more. */
  | { readonly kind: 'livelock'; readonly trace: Trace }
  /** A property of kind `sometimes` holds in no reachable state. */
  | { readonly kind: 'unreached'; readonly property: string };

/** An execution into a state where a property of kind `sometimes` holds. */
export interface Witness {
  readonly property: string;
  readonly trace: Trace;
}

export interface SearchResult {
  /** `ok` only if the search is complete; `violated` as soon as there is a finding. */
  readonly verdict: 'ok' | 'violated' | 'incomplete';
  readonly coverage: Coverage;
  /** The first of each kind and name, in the order in which they were found. */
  readonly findings: readonly Finding[];
  readonly witnesses: readonly Witness[];
}
