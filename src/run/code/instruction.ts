import type { Branch, ResolvedAssert, ResolvedOperation } from '../../litmus/index.ts';

/**
 * A thread's text as a row of instructions, so that where a thread stands is one number (and the rounds that its
 * loops still have to run). What is no operation takes no time: it rides with the operation before it.
 */
export type Instruction =
  | { readonly kind: 'operation'; readonly operation: ResolvedOperation }
  | { readonly kind: 'assert'; readonly assert: ResolvedAssert }
  /** Begins a loop: its counter starts at `count`. */
  | { readonly kind: 'repeat'; readonly counter: number; readonly count: number }
  /** Ends a round: goes back to `target` while rounds are left. */
  | { readonly kind: 'again'; readonly counter: number; readonly target: number }
  /** fork(2) of one child, which starts with the rest of its row. An operation. */
  | { readonly kind: 'fork'; readonly branch: Branch }
  /**
   * What a worker of the kernel still has to do after an operation, before the thread's next one: a kernel function of
   * the address space.
   */
  | { readonly kind: 'work'; readonly name: string }
  /** Starts all branches of a row. */
  | { readonly kind: 'start'; readonly branches: readonly Branch[] }
  /** Waits until all branches of a row have ended. */
  | { readonly kind: 'join'; readonly branches: readonly Branch[] }
  | { readonly kind: 'end' };

/** The instructions of one thread. The last one is always `end`. */
export interface ThreadCode {
  /** Index of the thread in the program. */
  readonly thread: number;
  readonly instructions: readonly Instruction[];
  /** How many loop counters it needs: its deepest nesting of `repeat`. */
  readonly counters: number;
}
