/** An operation that is over, before it becomes a step of the report. */
export interface StepRecord {
  readonly op: string;
  /** The statement, white space normalised. */
  readonly text: string;
  readonly line: number;
  /** What the register takes; null when nothing comes back, or the operation was skipped without a value. */
  readonly value: number | null;
  readonly skipped: boolean;
}
