/** What the kernel writes before its names of flags. */
const PREFIX = /^(MAP|PROT|MADV|FALLOC_FL|O|FOLL|MCL|SPLICE_F)_/;

/** Words of the language that are not the kernel's name in small letters, by that name without its prefix. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  READ: 'r',
  WRITE: 'w',
  READ_WRITE: 'rw',
  EXEC: 'rx',
  CREAT: 'create',
  PUNCH_HOLE: 'punch',
  ZERO_RANGE: 'zero',
  COLLAPSE_RANGE: 'collapse',
  INSERT_RANGE: 'insert',
  ALLOCATE_RANGE: 'allocate',
};

/** A word without the kernel's prefix: `PRIVATE` of `MAP_PRIVATE`. */
export function withoutPrefix(word: string): string {
  return word.replace(PREFIX, '');
}

/** Which of some words the kernel calls so, with its prefix or without; null when it is none of them. */
export function wordOfKernelName(name: string, words: readonly string[]): string | null {
  const bare = withoutPrefix(name).toUpperCase();
  const other = Object.hasOwn(OTHER_WORDS, bare) ? OTHER_WORDS[bare] : undefined;
  return words.find((word) => word.toUpperCase() === bare) ?? words.find((word) => word === other) ?? null;
}
