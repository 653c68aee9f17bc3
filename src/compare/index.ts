/** Results held against each other. */
export { compareEnds, type EndsComparison, registersText } from './compareEnds.ts';
export {
  compareResults,
  type Difference,
  differenceOf,
  isAlike,
  type OutcomeDifference,
  type StepDifference,
} from './compareResults.ts';
export {
  brokenCondition,
  brokenProperty,
  firstKernelDifference,
  isWhole,
  type KernelDifference,
  unjudgedConditions,
  whyViolated,
} from './kernelDifference.ts';
