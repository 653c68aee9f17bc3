import type { Property, State } from '../model.ts';
import type { WordTree } from '../words/wordTree.ts';
import type { Footprints } from './footprints.ts';

/** What one step of a thread leaves, written by `ComponentModel.step`. */
export interface StepRecord {
  /** The thread's own words after the step. */
  own: number;
  /** Number of the footprint, also of a step that has to wait. */
  footprint: number;
  /** Steps of the system that this one stands for; 1 unless the model sets it. */
  steps: number;
}

/**
 * A system of threads that share words, collapsed: all shared words together are one number, all of a thread's
 * own words are another, and equal numbers mean equal words. A state is one number for the shared words and one
 * for each thread, however many words stand behind them; and a step is a function of two numbers, so that it
 * need not be executed twice.
 *
 * Numbers are given in the order in which the words are met, from 0.
 */
export interface ComponentModel {
  readonly threads: number;
  /** The shared words; states name lists of them by number. */
  readonly shared: WordTree;
  readonly footprints: Footprints;
  /** Over states: word 0 is the shared words' number, word 1 + t that of thread t. */
  readonly properties: readonly Property[];
  /**
   * Threads of one kind run the same program on the same data and number their own words together, so that
   * they are interchangeable where nothing else tells them apart.
   */
  kindOf(thread: number): number;
  /** Kinds whose threads may be exchanged: no shared word names one of them. */
  isInterchangeable(kind: number): boolean;
  /**
   * Whether a thread of the one kind may step while one of the other kind has begun and is not done. False only
   * where the program's structure orders all their steps, as it does those of a thread and of its children.
   */
  mayRunBeside(kind: number, other: number): boolean;
  /**
   * Whether a thread with these own words is between two parts of its program that no execution repeats for ever:
   * it can only go round in circles inside one of them.
   */
  isBetween(thread: number, own: number): boolean;
  initialShared(): number;
  initialOwn(thread: number): number;
  /**
   * Lets a thread take its next step from the shared words as they are brought back, by changing them. What it does
   * is a function of its own words and of the shared words that it reads. Answers `NOT_ENABLED` (it has to wait, or is done), `STEPPED`, or a
   * failure's number, as `Model.step` does. The footprint is written in every case, the rest if it stepped.
   */
  step(thread: number, own: number, record: StepRecord): number;
  /** Whether the system may rest in a state, as `Model.isEnd`; states as `properties` see them. */
  isEnd(state: State): boolean;
  /**
   * Whether somebody looks at this shared word from outside in every state, so that every change of it must be
   * seen in its order among all others.
   */
  isVisible(word: number): boolean;
  describeOwn(thread: number, own: number): string;
  describeShared(shared: number): string;
  describeStep(thread: number, own: number, shared: number): string;
  describeFailure(failure: number): string;
  /** Name of a shared word, for people. */
  describeWord(word: number): string;
  /** Bytes that the numbering takes. */
  readonly bytes: number;
}
