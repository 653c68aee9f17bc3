/** One state: a fixed number of 32-bit words. What the words mean is the model's business. */
export type State = Int32Array;

/** `Model.step` answers so when the action cannot be taken in the state. */
export const NOT_ENABLED = 0;

/** `Model.step` answers so when it has written the state after the action; anything above is a failure's number. */
export const STEPPED = 1;

/** `Model.loneAction` answers so when all actions must be tried. */
export const NO_LONE_ACTION: number = -1;

/** What a search decides about a model's states. */
export interface Property {
  /** Name in findings; unique within a model. */
  readonly name: string;
  /** `always`: in every reachable state. `sometimes`: in at least one. */
  readonly kind: 'always' | 'sometimes';
  holds(state: State): boolean;
}

/**
 * A finite transition system as the search strategies see it. Nothing here knows of kernels, threads or litmus
 * tests. All methods are functions of their arguments: the same state always gives the same answer.
 */
export interface Model {
  /** Words of one state. */
  readonly width: number;
  /** The words are small non-negative numbers (ids), which the search packs into as few bits as they need. */
  readonly smallNumbers?: boolean;
  /** Actions are numbered from 0 up to but not including this; each has at most one successor in a state. */
  readonly actions: number;
  readonly properties: readonly Property[];
  /** The states to begin in; at least one. */
  initialStates(): readonly State[];
  /**
   * Takes `action` in `from`, which it leaves alone, and writes the successor to `to`. Answers `NOT_ENABLED`,
   * `STEPPED`, or the number of a failure: then the execution ends in this very step and `to` counts for nothing.
   */
  step(from: State, action: number, to: State): number;
  /** Whether the system may rest here. A state that is no end and has no enabled action is a deadlock. */
  isEnd(state: State): boolean;
  /** One line that names what differs from state to state. */
  describeState(state: State): string;
  describeAction(from: State, action: number): string;
  /** The sentence behind a failure's number. */
  describeFailure(failure: number): string;
  /**
   * Replaces the state by the one that stands for all states that are equal to it but for the names of
   * interchangeable parts. Present only in models that have such parts.
   */
  representative?(state: State): void;
  /**
   * An action that it is enough to take from this state, as no other action can ever depend on it; or
   * `NO_LONE_ACTION`. The strategy adds the proviso that no cycle consists of such states alone.
   */
  loneAction?(state: State): number;
  /** Whether the steps met so far cannot go on for ever; asked when all of them have been met. */
  isBoundToEnd?(): boolean;
  /**
   * Whether what a search has met so far allows for all that the model left out. If not, what was found is real,
   * and what was not found may be there all the same.
   */
  assumptionsHold?(): boolean;
  /** Bytes that the model's own tables take at this moment; none unless given. */
  readonly bytes?: number;
}
