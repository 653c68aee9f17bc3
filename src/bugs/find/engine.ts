import type { Program, Scheme } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import type { KernelVariant } from '../bugKernel.ts';

/**
 * A way to look for violations. Gives results one after the other, each of one execution or of many, for as long as
 * somebody asks for more and there is more that it would try.
 */
export type Engine = (program: Program, scheme: Scheme, kernel: KernelVariant) => Iterable<TestResult>;
