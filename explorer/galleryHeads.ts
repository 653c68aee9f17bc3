import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { entriesOf, type GalleryBug } from './src/gallery/catalogue.ts';

const MODULE = 'virtual:gallery-heads';
const root = fileURLToPath(new URL('..', import.meta.url));

/** What the gallery says of the shipped tests, as data: their texts come later. */
export function galleryHeads(): Plugin {
  return {
    name: 'gallery-heads',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load: (id) =>
      id === `\0${MODULE}` ? `export default JSON.parse(${JSON.stringify(readHeads())});` : null,
  };
}

function readHeads(): string {
  const tests = Object.fromEntries(
    filesIn('litmus', '.litmus').map((file) => [file, readFileSync(join(root, file), 'utf8')]),
  );
  const bugs = filesIn('bugs', 'bug.json').map((file): [name: string, bug: GalleryBug] => {
    const { sentence, schemes } = JSON.parse(readFileSync(join(root, file), 'utf8')) as GalleryBug;
    return [file.split('/').at(-2) ?? '', { sentence, schemes }];
  });
  return JSON.stringify(entriesOf(tests, Object.fromEntries(bugs)));
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}
