import type { StructSchema } from '../../machine/field.ts';

/** One shared word, by name. */
export interface WordName {
  readonly struct: string;
  /** Undefined for the word that stands for a region of a struct as a whole. */
  readonly field: string | undefined;
  /** Number of the object, or of the region. */
  readonly index: number;
}

/** Numbers the shared words from 0 in the order in which they are touched first. */
export class WordNumbers {
  private readonly names: WordName[] = [];
  private readonly byStruct = new Map<string, Map<string, Map<number, number>>>();

  get size(): number {
    return this.names.length;
  }

  /** Looks the numbers of one field's words up, and gives new ones. */
  ofField(schema: StructSchema, field: string | undefined): (index: number) => number {
    const byIndex = this.indices(schema.name, field);
    return (index) => {
      const known = byIndex.get(index);
      if (known !== undefined) return known;
      const number = this.names.push({ struct: schema.name, field, index }) - 1;
      byIndex.set(index, number);
      return number;
    };
  }

  /** Words of one field that have numbers already: object to number, in the order of the numbers. */
  known(struct: string, field: string): ReadonlyMap<number, number> {
    return this.indices(struct, field);
  }

  name(word: number): WordName {
    const name = this.names[word];
    if (name === undefined) throw new Error(`there is no word ${word}`);
    return name;
  }

  private indices(struct: string, field: string | undefined): Map<number, number> {
    const byField = this.byStruct.get(struct) ?? new Map<string, Map<number, number>>();
    this.byStruct.set(struct, byField);
    const key = field ?? '';
    const byIndex = byField.get(key) ?? new Map<number, number>();
    byField.set(key, byIndex);
    return byIndex;
  }
}
