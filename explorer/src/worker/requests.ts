import type { Scheme } from '../../../src/litmus/index.ts';
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
