import type { StopReason } from '../../../src/check/index.ts';
import type { Scheme } from '../../../src/litmus/index.ts';
import type { TestResult } from '../../../src/litmus/output/index.ts';
import type { Recording } from '../recording/recording.ts';

/** What is to be executed. */
export interface RunRequest {
  readonly file: string;
  readonly text: string;
  /** Name of a historical bug whose kernel is executed; null for the kernel as it is. */
  readonly bug: string | null;
  /** Replay strings by scheme; turns where there is none. */
  readonly schedules: Schedules;
}

export type Schedules = { readonly [Name in Scheme]?: string };

/** Both executions, or why there are none. */
export type RunAnswer =
  | { readonly devmap: Recording; readonly refcount: Recording }
  | { readonly error: string };

/** What is to be checked. */
export interface CheckRequest extends Omit<RunRequest, 'schedules'> {
  /** Most memory that the search takes. */
  readonly maximumBytes: number;
}

/** How far a search is. It knows no end of its own. */
export interface CheckProgress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly seconds: number;
}

/** What a search came to. */
export interface CheckAnswer {
  readonly result: TestResult;
  readonly depth: number;
  readonly seconds: number;
  /** Why not everything was looked at; null where it was. */
  readonly stoppedBy: StopReason | null;
}
