/** Litmus tests on real kernels. */
export type { KernelOutcome } from './executeOn.ts';
export {
  type ExecutedTest,
  executeTests,
  type LabOptions,
  type LabProgress,
  schemeOfKernel,
} from './executeTests.ts';
