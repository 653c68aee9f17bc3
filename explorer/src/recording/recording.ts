import type { CallSite } from '../../../src/compile/link/thread.ts';
import type { PropertyName, Scheme } from '../../../src/litmus/index.ts';
import type { ConditionResult, Step, TraceEntry, Verdict } from '../../../src/litmus/output/index.ts';
import type { LoggedField, WordLog } from './wordLog.ts';

/** No thread takes the last step of a test, in which its processes exit. */
export const NO_THREAD = -1;

/** A lock that is held. */
export interface HeldLock {
  /** `P.mm.mmap_lock` */
  readonly name: string;
  /** Threads by name. */
  readonly holders: readonly string[];
  /** The lock word: -1 for a writer, else how many hold it. */
  readonly value: number;
}

/** A thread that could not go on when it was last asked. */
export interface WaitingThread {
  readonly thread: string;
  /** `P.A waits for …`, with who is in the way. */
  readonly message: string;
}

/** What is to be known of a state that no word of the machine says; shared by neighbouring steps where it is the same. */
export interface Knowledge {
  readonly locks: readonly HeldLock[];
  readonly waits: readonly WaitingThread[];
  /** References on each device's pgmap beyond its own. */
  readonly pgmapReferences: readonly number[];
  /** Holders whose references are on struct pages that have gone since. */
  readonly staleHolders: readonly number[];
  /** Threads by number that have a next step, blocked or not. */
  readonly live: readonly number[];
}

/** One step of one thread. */
export interface RecordedStep {
  /** By number; `NO_THREAD` for the exit of all processes at the end. */
  readonly thread: number;
  /** Index of its operation. */
  readonly operation: number;
  /** The calls under way in the kernel, outermost first; the last one is the primitive. */
  readonly calls: readonly CallSite[];
  readonly entry: TraceEntry;
  /** Entries of the log up to and including this step. */
  readonly end: number;
  readonly knowledge: Knowledge;
}

/** One operation of one thread: a statement that was executed. */
export interface RecordedOperation {
  readonly thread: number;
  /** Which of its thread's operations it is, from 0. */
  readonly ordinal: number;
  readonly text: string;
  /** Line of the test; 0 for the end. */
  readonly line: number;
  /** Null where it never came to its end. */
  readonly result: Step | null;
  /** What it changed, for people. */
  readonly changes: TraceEntry['changes'];
  readonly firstStep: number;
  readonly lastStep: number;
}

/** A property that was broken, and by which step. */
export interface RecordedFinding {
  readonly property: PropertyName;
  readonly message: string;
  readonly page: string | null;
  /** Index of the step; states from there on show it. */
  readonly step: number;
  /** Whether the test declares that Linux does this. */
  readonly declared: boolean;
}

/** One execution of a test under one scheme, from which every state in between can be had again. */
export interface Recording {
  readonly scheme: Scheme;
  readonly verdict: Verdict;
  /** Why there is nothing to see. */
  readonly error: string | null;
  readonly threads: readonly string[];
  readonly fields: readonly LoggedField[];
  readonly initial: WordLog;
  readonly beginning: Knowledge;
  readonly changes: WordLog;
  readonly steps: readonly RecordedStep[];
  readonly operations: readonly RecordedOperation[];
  readonly findings: readonly RecordedFinding[];
  readonly conditions: readonly ConditionResult[];
  /** Repeats the execution with `daxlab run --replay`. */
  readonly replay: string;
  /** Whether the execution was longer than what is kept. */
  readonly isCut: boolean;
}
