import type { KernelVariant } from '../../../src/bugs/bugKernel.ts';
import type { Scheme } from '../../../src/litmus/index.ts';

/**
 * The kernel with a historical bug; undefined for the kernel as it is, under a scheme that never had the bug too. Loaded
 * when first asked for.
 */
export async function variantOf(bug: string | null, scheme: Scheme): Promise<KernelVariant | undefined> {
  if (bug === null) return undefined;
  const { bugNamed, kernelWith } = await import('../../../src/bugs/index.ts');
  const found = bugNamed(bug);
  if (found === undefined) throw new Error(`there is no bug '${bug}'`);
  return found.schemes.includes(scheme) ? kernelWith(found) : undefined;
}
