import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { pack } from './src/packing/pack.ts';
import type { Json } from './src/packing/packed.ts';

const GENERATED = '/src/kernel/kernel.gen.ts';
const unpacker = fileURLToPath(new URL('src/packing/packed.ts', import.meta.url));
/** What only the kernel map and the coverage of the library read of a declaration. */
const REMARKS: readonly string[] = ['linux', 'tests'];
/** How the generated module holds each file of the kernel. */
const FILE = /^ {2}JSON\.parse\((".*")\),$/gm;

/** Ships the kernel's functions packed: they are most of the page. */
export function kernelData(): Plugin {
  return {
    name: 'kernel-data',
    load: (id) =>
      id.replaceAll('\\', '/').endsWith(GENERATED) ? packedModule(readFileSync(id, 'utf8')) : null,
  };
}

function packedModule(generated: string): string {
  const files = [...generated.matchAll(FILE)].map(
    ([, text = '']) => JSON.parse(JSON.parse(text), withoutRemarks) as Json,
  );
  if (files.length === 0)
    throw new Error(`${GENERATED} is not as it was: no file of the kernel was found in it`);
  return [
    `import { unpack } from ${JSON.stringify(unpacker)};`,
    `export const kernelFiles = unpack(JSON.parse(${JSON.stringify(JSON.stringify(pack(files)))}));`,
  ].join('\n');
}

function withoutRemarks(key: string, value: unknown): unknown {
  return REMARKS.includes(key) ? [] : value;
}
