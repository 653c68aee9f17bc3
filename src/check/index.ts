/** A litmus test in every execution: the search, the verdict, counterexamples. */
export { type CheckOptions, check, LitmusCheck, NOTHING_COVERED } from './kernel/litmusCheck.ts';
export { type BrokenTest, Minimiser } from './minimise/minimiser.ts';
export type { Coverage, StopReason } from './search/result.ts';
