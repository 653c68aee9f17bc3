import type { Field, Struct } from './field.ts';

/** Told of every write to a field that it watches, after the write. */
export type FieldWatcher = (index: number, before: number, after: number) => void;

/** Gives the value of a field of an object that nobody has touched. */
export type Untouched = (field: string, index: number) => number;

/** Says which objects of a struct do not exist for now. */
export interface Guard {
  /** Whether the object does not exist. Accesses to it read the values of an untouched object, and writes are lost. */
  refuses(index: number): boolean;
  /** Told of each access that was refused. */
  refused(index: number): void;
}

/** The shared words of one simulated computer, however they are stored. */
export interface Memory {
  /** The struct's fields, bound to this memory. */
  of<Index extends number, Names extends string>(struct: Struct<Index, Names>): Struct<Index, Names>;
  /** The bound struct of that name. */
  named(struct: string): Readonly<Record<string, Field>>;
  /** Forgets all objects from `first` up to but not including `end`: they read as untouched again. */
  forget(struct: object, first: number, end: number): void;
  /** Replaces the declared initial values of a struct by a rule (a memory map that a driver set up). */
  setUntouched(struct: object, untouched: Untouched): void;
  /** Calls back on every write to one field. Several watchers of a field are called in the order in which they came. */
  watch(field: Field, watcher: FieldWatcher): void;
  /** The touched objects of a struct from `first` up to but not including `end`, in ascending order. */
  touchedIn(struct: object, first: number, end: number): number[];
}
