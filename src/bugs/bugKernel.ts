import type { DialectProgram, Overrides } from '../compile/link/selection.ts';
import { kernelProgram } from '../kernel/link.ts';
import type { Bug } from './bug.ts';

/** A kernel to look for violations in: its sources, and what takes whose place. */
export interface KernelVariant {
  readonly sources: DialectProgram;
  readonly overrides: Overrides;
}

/** The kernel as it is. */
export const cleanKernel: KernelVariant = { sources: kernelProgram, overrides: {} };

const variants = new WeakMap<Bug, KernelVariant>();

/** The kernel with a bug; the same object whenever it is asked for, so that it is linked once. */
export function kernelWith(bug: Bug): KernelVariant {
  const known = variants.get(bug);
  if (known !== undefined) return known;
  const { scope, files } = kernelProgram;
  const variant = { sources: { scope, files: [...files, bug.kernel] }, overrides: bug.overrides };
  variants.set(bug, variant);
  return variant;
}
