import heads from 'virtual:gallery-heads';
import { signal } from '@preact/signals';
import type { GalleryEntry } from './catalogue.ts';

/** All tests that came with the page. */
export const shipped: readonly GalleryEntry[] = heads;

/** Texts of shipped tests by file; none until they are loaded. */
export const shippedTexts = signal<Readonly<Record<string, string>>>({});

let loading: Promise<Readonly<Record<string, string>>> | undefined;

/** Loads the texts of the shipped tests; anew where that failed before. */
export async function loadTexts(): Promise<Readonly<Record<string, string>>> {
  loading ??= import('./shippedTexts.ts').then(
    ({ texts }) => texts,
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  shippedTexts.value = await loading;
  return shippedTexts.value;
}
