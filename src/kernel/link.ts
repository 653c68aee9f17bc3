import type { GeneratorKernel } from '../compile/link/generators.ts';
import type { PlainKernel } from '../compile/link/plain.ts';
import type { DialectProgram } from '../compile/link/selection.ts';
import { type LinkedKernel, type LinkOptions, link } from '../compile/link.ts';
import { kernelFiles } from './kernel.gen.ts';
import { kernelScope } from './scope.ts';

/** The kernel's sources of both schemes, read at build time. */
export const kernelProgram: DialectProgram = { files: kernelFiles, scope: kernelScope };

/**
 * Links the kernel of one scheme, as plain functions (one thread, full speed) or as generators (threads
 * that are interleaved step by step).
 */
export function linkKernel(options: LinkOptions & { readonly form: 'plain' }): LinkedKernel<PlainKernel>;
export function linkKernel(
  options: LinkOptions & { readonly form: 'generators' },
): LinkedKernel<GeneratorKernel>;
export function linkKernel(
  options: LinkOptions & { readonly form: 'plain' | 'generators' },
): LinkedKernel<PlainKernel> | LinkedKernel<GeneratorKernel> {
  return options.form === 'plain'
    ? link(kernelProgram, 'plain', options)
    : link(kernelProgram, 'generators', options);
}
