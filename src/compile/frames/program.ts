/**
 * The frames form: a kernel function, with all that it calls inlined, as a program counter and a few slots. A frame
 * can be copied and restored in the middle of the function, which is what a search over all interleavings needs.
 *
 * How a search uses it: one `FrameProgram` an operation (a system call, a user access, …); `instantiate` binds
 * it to a machine, whose memory may be of any kind (one that records footprints, one that restores interned states).
 * Set `machine.cpu`, then `start` writes the frame in which the operation stands before its first primitive; each
 * `step` executes exactly one primitive and all local code behind it. When the frame's `PC` is `DONE`, slot
 * `RESULT` holds what the function returned, and the thread's next operation may start in the same frame.
 * Warnings of local code are reported to the machine's observer during the `step` (or `start`) that they ride with.
 *
 * A step is a function of the frame, the words of shared memory, the private structs of `machine.cpu`, and
 * `machine.cpu` itself. Private structs (`StructOptions.private`) belong with the frame in the thread's component;
 * no operation reads what an earlier one left there, so they can be forgotten when it is done.
 */
import type { Machine } from '../../machine/machine.ts';
import type { StepKind } from '../../machine/primitive.ts';
import type { LockEffect } from '../dialect/lockPrimitives.ts';
import type { CallSite } from '../link/thread.ts';

/**
 * Word `PC` is the program counter, the slots follow. A slot that holds no live local is 0, so equal frames are
 * equal words. Values are safe integers, beyond 32 bits where entries and addresses are.
 */
export type Frame = Float64Array;

/** Position of the program counter in a frame. */
export const PC = 0;

/** Position of the returned integer in a frame whose program counter is `DONE`. */
export const RESULT = 1;

/** The program counter of a frame whose function has returned; all but `RESULT` is 0 then. */
export const DONE = 0;

/** One kernel function compiled to frames. */
export interface FrameProgram {
  /** The kernel function. */
  readonly entry: string;
  /** Integers that `start` takes. */
  readonly parameters: readonly string[];
  /** Words of a frame: the program counter and the slots, at least 2. */
  readonly words: number;
  /** By program counter; `undefined` at `DONE`. */
  readonly points: readonly (StepPoint | undefined)[];
  /** Where an execution may stand first: program counters, `DONE` among them if it may end without a step. */
  readonly first: readonly number[];
  instantiate(machine: Machine): FrameInstance;
}

/** A program bound to a machine. */
export interface FrameInstance {
  /** Overwrites `frame` with the one in which the function begins, its local code up to the first primitive done. */
  start(frame: Frame, ...args: readonly number[]): void;
  /**
   * Executes the primitive at the frame's program counter and the local code behind it. Answers `false`, having
   * written nothing anywhere, if the primitive has to wait.
   */
  step(frame: Frame): boolean;
  /** Arguments of the primitive that `step` would execute on `machine.cpu`: integers, and bound fields. */
  pending(frame: Frame): readonly unknown[];
}

/** What is known of a program counter: the primitive that a thread there is about to execute. */
export interface StepPoint {
  readonly pc: number;
  readonly primitive: string;
  readonly kind: StepKind;
  /** The fields among its arguments; primitives of several words name none and touch what they touch. */
  readonly fields: readonly FieldName[];
  /** What it does to the lock that its field and first integer name, by what the primitive is. */
  readonly lock: LockEffect | undefined;
  /** Whether anything reads its result: an addition whose result nobody reads commutes with others. */
  readonly resultUsed: boolean;
  /** Where the thread may stand next: program counters in ascending order, `DONE` among them. */
  readonly successors: readonly number[];
  /** The calls under way, outermost first; the last one is the primitive. */
  readonly chain: readonly CallSite[];
  /** The live locals, for people who look into a frame. */
  readonly locals: readonly SlotName[];
}

export interface FieldName {
  readonly struct: string;
  readonly field: string;
}

/** A local that a frame keeps. */
export interface SlotName {
  readonly word: number;
  readonly name: string;
  /** The kernel function that declares it. */
  readonly function: string;
}
