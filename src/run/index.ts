/** A litmus test bound to the kernel: one execution, the safety properties, the result. */
export { Execution, type ExecutionOptions } from './interpreter/execution.ts';
export { Layout } from './observe/layout.ts';
export { type Moment, type StateViolation, stateViolations } from './properties/stateViolations.ts';
export { errorResult } from './report/result.ts';
export type { DetailedStep } from './report/stepChanges.ts';
export { type RunOptions, retrace, run } from './run.ts';
export { formatReplay, parseReplay, type ReplaySchedule, type ScheduleRun } from './schedule/replayString.ts';
