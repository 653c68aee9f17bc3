/** Bugs that Linux had, or could have, in the lifetime of device-DAX pages: each a change of a few kernel functions. */
export type { Broken, Bug, Fix } from './bug.ts';
export { cleanKernel, type KernelVariant, kernelWith } from './bugKernel.ts';
export { bugNamed, bugs } from './catalogue.ts';
export type { Engine } from './find/engine.ts';
export { breaks, findBug, isAsExpected, type Search } from './find/findBug.ts';
export { preemptions } from './find/preemptions.ts';
