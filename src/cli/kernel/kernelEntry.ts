import { dirname } from 'node:path';
import type { KernelImage } from '../../lab/kernels/kernelImage.ts';
import { schemeOf } from '../../lab/kernels/release.ts';
import { documentHead } from '../show/document.ts';

/** A kernel of the cache, as it is shown. */
export interface KernelEntry {
  readonly release: string;
  readonly scheme: 'devmap' | 'refcount';
  readonly folder: string;
}

export function kernelEntry({ release, vmlinuz }: KernelImage): KernelEntry {
  return { release, scheme: schemeOf(release), folder: dirname(vmlinuz) };
}

/** The JSON document of a verb that executes no test. */
export function kernelDocument(verb: string, content: object): string {
  return `${JSON.stringify({ ...documentHead(verb), ...content }, null, 2)}\n`;
}
