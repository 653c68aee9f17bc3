/** A value as it reads best. */
export type ReadableValue = number | string;

/** How the words of one struct read, and what they hold. */
export interface StructNames {
  /** The name of a word: `d[0].refcount`. */
  readonly word: (index: number, field: string) => string;
  /** What a word holds; as it stands unless given. */
  readonly value?: (value: number, field: string, index: number) => ReadableValue;
}

/** A number that stands for something, or 0 for nothing. */
export function orNone(value: number, text: (value: number) => string): string {
  return value === 0 ? 'none' : text(value);
}
