import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { entriesOf, type GalleryBug, type GalleryEntry } from './src/gallery/catalogue.ts';

const HEADS = 'virtual:gallery-heads';
const TEXTS = 'virtual:gallery-texts';
const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What the gallery says of the shipped tests, as data, and loaders of their texts: a chunk for each subject, so that whoever opens
 * one test need not load them all.
 */
export function galleryData(): Plugin {
  let entries: readonly GalleryEntry[] = [];
  return {
    name: 'gallery-data',
    buildStart() {
      entries = readEntries();
    },
    resolveId: (id) => (id === HEADS || id.startsWith(TEXTS) ? `\0${id}` : null),
    load(id) {
      if (id === `\0${HEADS}`) return dataModule(entries);
      if (id === `\0${TEXTS}`) return loadersModule(entries);
      return id.startsWith(`\0${TEXTS}`) ? textsModule(id.slice(1), entries) : null;
    },
  };
}

function loadersModule(entries: readonly GalleryEntry[]): string {
  const loaders = [...new Set(entries.map(({ subject }) => subject))].map((subject) => {
    return `${JSON.stringify(subject)}: () => import(${JSON.stringify(textsOf(subject))})`;
  });
  return `export default { ${loaders.join(', ')} };`;
}

/** The module with the texts of a subject; its chunk is named by what is behind the last slash. */
function textsOf(subject: string): string {
  return `${TEXTS}-${subject.replaceAll('/', '-')}`;
}

function textsModule(id: string, entries: readonly GalleryEntry[]): string {
  const files = entries.flatMap(({ subject, file }) => (textsOf(subject) === id ? [file] : []));
  return dataModule(Object.fromEntries(files.map((file) => [file, readFileSync(join(root, file), 'utf8')])));
}

/** JSON is parsed faster than an object literal. */
function dataModule(data: unknown): string {
  return `export default JSON.parse(${JSON.stringify(JSON.stringify(data))});`;
}

function readEntries(): GalleryEntry[] {
  const tests = Object.fromEntries(
    filesIn('litmus', '.litmus').map((file) => [file, readFileSync(join(root, file), 'utf8')]),
  );
  const bugs = filesIn('bugs', 'bug.json').map((file): [name: string, bug: GalleryBug] => {
    const { sentence, schemes } = JSON.parse(readFileSync(join(root, file), 'utf8')) as GalleryBug;
    return [file.split('/').at(-2) ?? '', { sentence, schemes }];
  });
  return entriesOf(tests, Object.fromEntries(bugs));
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}
