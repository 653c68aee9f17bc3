import type { ConditionKind, Scheme } from '../syntax/ast.ts';
import type { PropertyName } from '../vocabulary/properties.ts';

/** What every verb that executes tests prints under `--json`. */
export interface OutputDocument {
  readonly tool: string;
  readonly version: string;
  readonly schemaVersion: 1;
  /** `run`, `check`, … */
  readonly verb: string;
  readonly results: readonly TestResult[];
}

export type Verdict = 'ok' | 'violated' | 'error' | 'incomplete';

/** One test under one scheme. */
export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly scheme: Scheme;
  /** `model`, or `kernel` and the release. */
  readonly source: 'model' | `kernel ${string}`;
  readonly verdict: Verdict;
  /** The one execution of `run`, or the counterexample of `check`. */
  readonly steps: readonly Step[];
  /** Operations that had begun, or never could, and were not over when the execution ended; left out where all were. */
  readonly unfinished?: readonly UnfinishedOperation[];
  /** Reproduces the execution by `--replay`. */
  readonly replay?: string;
  /** Every distinct end, with a witness. */
  readonly outcomes?: readonly Outcome[];
  /** Why the verdict is `error`. */
  readonly error?: string;
  /** Conditions and asserts of this scheme. */
  readonly conditions: readonly ConditionResult[];
  readonly violations: readonly Violation[];
  readonly stats: Statistics;
}

/** One operation. */
export interface Step {
  readonly process: string;
  /** Name of the thread; the process's name for its main thread. */
  readonly thread: string;
  /** Name of the operation; `fork` for a fork. */
  readonly op: string;
  /** The statement, white space normalised. */
  readonly text: string;
  readonly line: number;
  /** What the register takes; null when the operation was skipped or gives nothing back. */
  readonly result: number | null;
  /** Name of the errno that the result is, else null. */
  readonly errno: string | null;
  /** Name of the signal that the result is, else null. */
  readonly signal: string | null;
  readonly skipped: boolean;
  readonly pages: Pages;
  /**
   * Of devices with a file system: which page of which file a page that the step is about backs, or backed last, by its
   * key among `pages`: `d[7]` is `d/data[3]`. Every kernel puts files where it likes; only these names can be compared.
   */
  readonly backs?: Readonly<Record<string, string>>;
  /**
   * On a real kernel: an operation slept there when this one was over, or this one has slept itself. One goes on as soon as
   * another wakes it, so that what changed in such steps may be either's.
   */
  readonly overlaps?: true;
  /**
   * On a real kernel: devices whose struct pages went after the step before. What their counts came to in between, nobody
   * has seen.
   */
  readonly gone?: readonly string[];
}

/** An operation that is not over. */
export interface UnfinishedOperation {
  readonly process: string;
  /** Name of the thread; the process's name for its main thread. */
  readonly thread: string;
  /** The statement, white space normalised. */
  readonly text: string;
  readonly line: number;
  /** What it cannot go on without: `page d[0] (page 0 of "a") to become idle`; null where it could take its next step. */
  readonly waitsFor: string | null;
}

/**
 * Folios whose counts changed, keyed by their first page (`d[0]`), with the values afterwards. At most 1,000 of
 * them; the number of the others then stands under `more`.
 */
export interface Pages {
  readonly [folio: string]: PageCounts | number;
}

export interface PageCounts {
  readonly refcount: number;
  readonly mapcount: number;
  readonly pincount: number;
  readonly order: number;
}

export interface Outcome {
  /** Value of every register at the end, by `P.r`; null for one that was never set. */
  readonly registers: Readonly<Record<string, number | null>>;
  readonly pages: Pages;
  readonly replay: string;
}

export interface ConditionResult {
  readonly kind: ConditionKind | 'assert' | 'hazard';
  readonly text: string;
  readonly line: number;
  /** Whether it was met; a `never` is met when nothing of the kind was seen. */
  readonly holds: boolean;
  /** False where it is asked at ends and no execution came to one; left out where it was asked. */
  readonly judged?: false;
  /** Where `run` or `kernel run` finds it broken: what its terms came to when it first was; null for a register never set. */
  readonly values?: Readonly<Record<string, number | null>>;
  /** Where a check finds it broken: what `run` repeats an execution by that breaks it. */
  readonly replay?: string;
}

export interface Violation {
  readonly property: PropertyName;
  readonly message: string;
  /** The page concerned, `d[0]`; null where there is none. */
  readonly page: string | null;
  readonly actors: readonly string[];
  readonly trace: readonly TraceEntry[];
  /** Of a check: what `run` repeats the execution by that shows it. */
  readonly replay?: string;
}

/** One primitive step inside the kernel. */
export interface TraceEntry {
  readonly thread: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** Of a step that changed nothing: the word that decided, by name, and what stood there; left out where there is none. */
  readonly reads?: Readonly<Record<string, ChangedValue>>;
  /** What changed, by name: before and after. */
  readonly changes: Readonly<Record<string, readonly [before: ChangedValue, after: ChangedValue]>>;
}

export type ChangedValue = number | string | boolean | null;

export interface Statistics {
  readonly executions: number;
  readonly states: number;
  readonly transitions: number;
  /** Wall-clock time; differs from run to run. */
  readonly seconds: number;
  /** Largest memory in use; differs from run to run. */
  readonly peakBytes: number;
  /** Whether everything was looked at that the verb looks at. */
  readonly complete: boolean;
}
