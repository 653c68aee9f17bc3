/** Bugs that Linux had, or could have, in the lifetime of device-DAX pages: each a change of a few kernel functions. */
export type { Broken, Bug, Fix } from './bug.ts';
export { cleanKernel, type KernelVariant, kernelWith } from './bugKernel.ts';
export { BugSearch, breaks, type Found, findBug, isAsExpected } from './bugSearch.ts';
export { bugNamed, bugs } from './catalogue.ts';
