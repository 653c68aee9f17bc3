import type { DialectProgram } from '../compile/link/selection.ts';
import { type Forms, type LinkOptions, link } from '../compile/link.ts';
import { kernelFiles } from './kernel.gen.ts';
import { kernelScope } from './scope.ts';

/** The kernel's sources of both schemes, read at build time. */
export const kernelProgram: DialectProgram = { files: kernelFiles, scope: kernelScope };

/**
 * Links the kernel of one scheme: as `plain` functions (one thread, full speed), as `generators` (threads that are
 * interleaved step by step), or as `frames` (threads that can be copied and restored anywhere).
 * @throws {Error} if an override names what does not exist or does not fit
 */
export function linkKernel<Form extends keyof Forms>(
  options: LinkOptions & { readonly form: Form },
): Forms[Form] {
  return link(kernelProgram, options.form, options);
}
