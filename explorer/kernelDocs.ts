import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const MODULE = 'virtual:kernel-docs';
const ROOMS = ['common', 'devmap', 'refcount'];
const kernel = fileURLToPath(new URL('../src/kernel', import.meta.url));

/** A doc comment, and the name of the function behind it. */
const DOCUMENTED = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export (?:const|function\*?) (\w+)/g;

/** What the kernel's sources say of their functions, as data: file below `src/kernel` → function → doc comment. */
export function kernelDocs(): Plugin {
  return {
    name: 'kernel-docs',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load: (id) => (id === `\0${MODULE}` ? `export default JSON.parse(${JSON.stringify(readDocs())});` : null),
  };
}

function readDocs(): string {
  const files = ROOMS.flatMap((room) =>
    readdirSync(join(kernel, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const docs = files.map((file) => [
    relative(kernel, file).replaceAll('\\', '/'),
    docsOf(readFileSync(file, 'utf8')),
  ]);
  return JSON.stringify(Object.fromEntries(docs));
}

function docsOf(source: string): Record<string, string> {
  return Object.fromEntries(
    [...source.matchAll(DOCUMENTED)].map(([, comment = '', name = '']) => [
      name,
      comment.replaceAll(/^\s*\*? ?/gm, '').trim(),
    ]),
  );
}
