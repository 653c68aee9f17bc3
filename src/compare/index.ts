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
  brokenConditions,
  brokenProperty,
  firstKernelDifference,
  isWhole,
  type KernelDifference,
  undeclaredViolation,
  unjudgedConditions,
} from './kernelDifference.ts';
