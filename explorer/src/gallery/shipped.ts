import { entriesOf, type GalleryBug, type GalleryEntry } from './catalogue.ts';

const tests = import.meta.glob<string>('../../../litmus/**/*.litmus', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const bugTests = import.meta.glob<string>('../../../bugs/*/test.litmus', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const descriptions = import.meta.glob<Omit<GalleryBug, 'test'>>('../../../bugs/*/bug.json', {
  import: 'default',
  eager: true,
});

/** All tests that came with the page. */
export const shipped: readonly GalleryEntry[] = entriesOf(
  Object.fromEntries(Object.entries(tests).map(([path, text]) => [path.replace(/^(\.\.\/)+/, ''), text])),
  Object.fromEntries(
    Object.entries(descriptions).map(([path, { sentence, schemes }]) => {
      const name = path.split('/').at(-2) ?? '';
      return [name, { sentence, schemes, test: bugTests[path.replace('bug.json', 'test.litmus')] ?? '' }];
    }),
  ),
);
