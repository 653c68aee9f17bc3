/** Writes docs/kernel-map.md from the kernel's sources. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderKernelMap } from '../src/compile/kernelMap.ts';
import { kernelFiles } from '../src/kernel/kernel.gen.ts';

const docs = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs');
writeFileSync(join(docs, 'kernel-map.md'), renderKernelMap(kernelFiles));
