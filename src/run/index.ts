/**
 * A litmus test bound to the kernel: one execution, the safety properties, the result. Who judges states of his own
 * finds the properties in `properties/stateViolations.ts`.
 */
export { Execution, type ExecutionOptions } from './interpreter/execution.ts';
export { errorResult } from './report/result.ts';
export { type DetailedStep, isOver } from './report/stepChanges.ts';
export { type RunOptions, retrace, run } from './run.ts';
export { formatReplay, parseReplay, type ReplaySchedule, type ScheduleRun } from './schedule/replayString.ts';
