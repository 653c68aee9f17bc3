import { type DenseColumn, DenseTable } from './denseTable.ts';
import {
  declaredStructs,
  type Field,
  isWideField,
  type Struct,
  type StructSchema,
  schemaOfStruct,
  tooWide,
} from './field.ts';
import type { FieldWatcher, Guard, Memory, Untouched } from './memory.ts';
import { type FieldPlace, LANE_MASK, Slab, type SlabWords } from './slab.ts';

/** A field that a memory has bound: it can be watched. */
abstract class BoundField implements Field {
  readonly struct: string;
  readonly name: string;
  readonly position: number;
  watcher: FieldWatcher | undefined = undefined;
  protected readonly isWide: boolean;

  constructor(schema: StructSchema, name: string, position: number) {
    this.struct = schema.name;
    this.name = name;
    this.position = position;
    this.isWide = isWideField(schema, name);
  }

  abstract get(index: number): number;
  abstract set(index: number, value: number): void;
}

class DenseField extends BoundField {
  private readonly column: DenseColumn;

  constructor(column: DenseColumn, schema: StructSchema, name: string, position: number) {
    super(schema, name, position);
    this.column = column;
  }

  override get(index: number): number {
    const { values } = this.column;
    return index < values.length ? (values[index] as number) : this.column.initial;
  }

  override set(index: number, value: number): void {
    if (!this.isWide && (value | 0) !== value) tooWide(this, value);
    if (index >= this.column.values.length) this.column.reach(index);
    const { values } = this.column;
    const before = values[index] as number;
    values[index] = value;
    if (this.watcher !== undefined) this.watcher(index, before, value);
  }
}

class SlabField extends BoundField {
  private readonly slab: Slab;
  private readonly words: SlabWords;
  private readonly offset: number;

  constructor(slab: Slab, name: string, position: number) {
    super(slab.schema, name, position);
    this.slab = slab;
    const { words, offset } = slab.places[position] as FieldPlace;
    this.words = words;
    this.offset = offset;
  }

  override get(index: number): number {
    const { slab, words } = this;
    const first = slab.chunkOf(index) * words.chunkWords + this.offset;
    return words.values[first + (index & LANE_MASK)] as number;
  }

  override set(index: number, value: number): void {
    const { slab, words } = this;
    const at = slab.chunkOf(index) * words.chunkWords + this.offset + (index & LANE_MASK);
    if (!this.isWide && (value | 0) !== value) tooWide(this, value);
    if (this.watcher === undefined) {
      words.values[at] = value;
      return;
    }
    const before = words.values[at] as number;
    words.values[at] = value;
    this.watcher(index, before, value);
  }
}

/** A memory that grows with what is touched: the form in which `run` executes large devices. */
export class SlabMemory implements Memory {
  private readonly stores = new Map<string, Slab | DenseTable>();
  private readonly bound = new Map<string, Record<string, BoundField>>();
  private readonly boundStructs = new Map<object, Readonly<Record<string, Field>>>();

  constructor() {
    for (const schema of declaredStructs()) {
      const fields = schema.options.dense === true ? this.addTable(schema) : this.addSlab(schema);
      this.bound.set(schema.name, Object.fromEntries(fields.map((field) => [field.name, field])));
    }
  }

  of<Index extends number, Names extends string>(struct: Struct<Index, Names>): Struct<Index, Names> {
    return (this.boundStructs.get(struct) ?? this.bind(struct)) as Struct<Index, Names>;
  }

  named(struct: string): Readonly<Record<string, Field>> {
    const bound = this.bound.get(struct);
    if (bound === undefined) throw new Error(`no struct ${struct} is declared`);
    return bound;
  }

  forget(struct: object, first: number, end: number): void {
    this.store(struct).forget(first, end);
  }

  setUntouched(struct: object, untouched: Untouched): void {
    this.slab(struct).untouched = untouched;
  }

  /** Takes memory away from a struct: the guard decides on each access to an object nobody has touched. */
  guard(struct: object, guard: Guard): void {
    this.slab(struct).guard = guard;
  }

  watch(field: Field, watcher: FieldWatcher): void {
    const bound = this.bound.get(field.struct)?.[field.name];
    if (bound === undefined) throw new Error(`no field ${field.struct}.${field.name} is declared`);
    const earlier = bound.watcher;
    bound.watcher =
      earlier === undefined
        ? watcher
        : (index, before, after) => {
            earlier(index, before, after);
            watcher(index, before, after);
          };
  }

  touchedIn(struct: object, first: number, end: number): number[] {
    return this.store(struct).indicesIn(first, end);
  }

  private addTable(schema: StructSchema): BoundField[] {
    const table = new DenseTable(schema);
    this.stores.set(schema.name, table);
    return Object.keys(schema.fields).map((name, position) => {
      const column = table.columns[position] as DenseColumn;
      return new DenseField(column, schema, name, position);
    });
  }

  private addSlab(schema: StructSchema): BoundField[] {
    const slab = new Slab(schema);
    this.stores.set(schema.name, slab);
    return Object.keys(schema.fields).map((name, position) => new SlabField(slab, name, position));
  }

  /** Looks a struct up by its name, once. */
  private bind(struct: object): Readonly<Record<string, Field>> {
    const bound = this.named(schemaOfStruct(struct).name);
    this.boundStructs.set(struct, bound);
    return bound;
  }

  private store(struct: object): Slab | DenseTable {
    const store = this.stores.get(schemaOfStruct(struct).name);
    if (store === undefined) throw new Error('the struct was declared after the memory was made');
    return store;
  }

  private slab(struct: object): Slab {
    const store = this.store(struct);
    if (!(store instanceof Slab)) throw new Error(`${schemaOfStruct(struct).name} is declared dense`);
    return store;
  }
}
