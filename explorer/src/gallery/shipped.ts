import heads from 'virtual:gallery-heads';
import loaders from 'virtual:gallery-texts';
import { signal } from '@preact/signals';
import type { GalleryEntry } from './catalogue.ts';

type Texts = Readonly<Record<string, string>>;

/** All tests that came with the page. */
export const shipped: readonly GalleryEntry[] = heads;

/** Texts of shipped tests by file; none until they are loaded. */
export const shippedTexts = signal<Texts>({});

/** Subject → its texts, which are there or on their way. */
const loading = new Map<string, Promise<Texts>>();

/** Loads the text of one shipped test. */
export async function loadText({ file, subject }: GalleryEntry): Promise<string> {
  const texts = await loadSubject(subject);
  return texts[file] ?? '';
}

/** Loads the texts of all shipped tests. */
export async function loadTexts(): Promise<void> {
  await Promise.all(Object.keys(loaders).map(loadSubject));
}

/** Loads the texts of a subject; anew where that failed before. */
async function loadSubject(subject: string): Promise<Texts> {
  const earlier = loading.get(subject);
  if (earlier !== undefined) return earlier;
  const texts = fetchSubject(subject);
  loading.set(subject, texts);
  texts.catch(() => loading.delete(subject));
  return texts;
}

async function fetchSubject(subject: string): Promise<Texts> {
  const chunk = await loaders[subject]?.();
  const texts = chunk?.default ?? {};
  shippedTexts.value = { ...shippedTexts.value, ...texts };
  return texts;
}
