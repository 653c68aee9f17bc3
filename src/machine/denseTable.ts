import type { StructSchema } from './field.ts';

const FIRST_LENGTH = 16;

/**
 * Storage of a struct whose objects are few and numbered from 0: one array a field, as long as the highest object
 * that was touched. Most accesses of the kernel are to such structs.
 */
export class DenseTable {
  readonly columns: readonly DenseColumn[];

  constructor(schema: StructSchema) {
    this.columns = Object.values(schema.fields).map(
      ({ initial = 0, wide = false }) => new DenseColumn(initial, wide),
    );
  }

  forget(first: number, end: number): void {
    for (const column of this.columns) column.values.fill(column.initial, first, end);
  }

  indicesIn(first: number, end: number): number[] {
    const length = Math.max(...this.columns.map(({ values }) => values.length));
    const from = Math.min(first, length);
    return Array.from({ length: Math.max(0, Math.min(end, length) - from) }, (_, offset) => from + offset);
  }
}

/** All values of one field. */
export class DenseColumn {
  readonly initial: number;
  values: Int32Array | Float64Array;

  constructor(initial: number, wide: boolean) {
    this.initial = initial;
    this.values = (wide ? new Float64Array(FIRST_LENGTH) : new Int32Array(FIRST_LENGTH)).fill(initial);
  }

  /** Makes room for object `index`. */
  reach(index: number): void {
    const length = 2 ** Math.ceil(Math.log2(index + 1));
    const grown = this.values instanceof Float64Array ? new Float64Array(length) : new Int32Array(length);
    grown.fill(this.initial, this.values.length);
    grown.set(this.values);
    this.values = grown;
  }
}
