import type { KernelVariant } from '../../../src/bugs/bugKernel.ts';

/** The kernel with a historical bug; undefined for the kernel as it is. Loaded when first asked for. */
export async function variantOf(bug: string | null): Promise<KernelVariant | undefined> {
  if (bug === null) return undefined;
  const { bugNamed, kernelWith } = await import('../../../src/bugs/index.ts');
  const found = bugNamed(bug);
  if (found === undefined) throw new Error(`there is no bug '${bug}'`);
  return kernelWith(found);
}
