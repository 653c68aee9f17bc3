/**
 * The one table of shared state. Every word of the simulated computer belongs to a struct that is declared
 * here by `defineStruct`; printing, diffing, hashing, time travel and the assertions all read that declaration.
 */

/** One field of all objects of a struct. Bound to a memory it reads and writes; unbound it only has its names. */
export interface Field<Index extends number = number, Value extends number = number> {
  /** Name of the struct that the field belongs to, in kernel spelling. */
  readonly struct: string;
  /** Name of the field, in kernel spelling. */
  readonly name: string;
  /** Position in the declaration, from 0. */
  readonly position: number;
  /** The value of the field of object `index`. */
  get(index: Index): Value;
  /** Replaces the value of the field of object `index`. */
  set(index: Index, value: Value): void;
}

/** What a declaration says of one field. */
export interface FieldDeclaration {
  /** What the field means, and its unit. */
  readonly doc: string;
  /** Its value in an object that nobody has touched; 0 unless given. */
  readonly initial?: number;
  /** Values may exceed 32 bits (entries, addresses). */
  readonly wide?: boolean;
  /** The word is a lock, so that whoever waits for it can be told who holds it. */
  readonly discipline?: 'lock';
}

/** Whether a field holds 53 bits rather than 32. */
export function isWideField({ fields }: StructSchema, name: string): boolean {
  return fields[name]?.wide === true;
}

/**
 * Ends a write of what a field of 32 bits cannot hold: a word that lost its upper bits would be believed.
 * @throws {Error} always
 */
export function tooWide({ struct, name }: Field, value: number): never {
  throw new Error(`${struct}.${name} holds 32 bits and is given ${value}: declare it wide`);
}

export interface StructOptions {
  /** What one object stands for and where the kernel declares it. */
  readonly doc: string;
  /** Its objects are few and numbered from 0, so that an array of them wastes nothing. */
  readonly dense?: boolean;
  /** Private to the thread that uses it: its accesses are no steps, and nobody else sees them. */
  readonly private?: boolean;
}

/** Declaration of a struct: the fields by name, and what is known of them. */
export interface StructSchema {
  readonly name: string;
  readonly options: StructOptions;
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
}

const schemaOf = new WeakMap<object, StructSchema>();
const structOf = new WeakMap<StructSchema, object>();
const declared: StructSchema[] = [];

class UnboundField implements Field {
  readonly struct: string;
  readonly name: string;
  readonly position: number;

  constructor(struct: string, name: string, position: number) {
    this.struct = struct;
    this.name = name;
    this.position = position;
  }

  get(): number {
    throw new Error(`${this.struct}.${this.name} is read outside of a memory: bind its struct first`);
  }

  set(): void {
    throw new Error(`${this.struct}.${this.name} is written outside of a memory: bind its struct first`);
  }
}

/** A declared struct as kernel code sees it: its fields by name. */
export type Struct<Index extends number, Names extends string> = Readonly<Record<Names, Field<Index>>>;

/**
 * Declares a struct of shared state. `Index` is what numbers its objects (a frame number, a VMA slot, …).
 * The declaration order of structs and fields is the order in which states are printed and hashed.
 */
export function defineStruct<Index extends number, Names extends string>(
  name: string,
  options: StructOptions,
  fields: Readonly<Record<Names, FieldDeclaration>>,
): Struct<Index, Names> {
  const struct: Record<string, Field<Index>> = {};
  Object.keys(fields).forEach((field, position) => {
    struct[field] = new UnboundField(name, field, position);
  });
  const schema: StructSchema = { name, options, fields };
  schemaOf.set(struct, schema);
  structOf.set(schema, struct);
  declared.push(schema);
  return struct as Struct<Index, Names>;
}

/** The declaration behind a struct. */
export function schemaOfStruct(struct: object): StructSchema {
  const schema = schemaOf.get(struct);
  if (schema === undefined) throw new Error('not a struct that defineStruct made');
  return schema;
}

/** The struct that a declaration made, for who goes through all of them. */
export function structOfSchema(schema: StructSchema): object {
  const struct = structOf.get(schema);
  if (struct === undefined) throw new Error('not a declaration that defineStruct made');
  return struct;
}

/** All structs declared so far, in order of declaration. */
export function declaredStructs(): readonly StructSchema[] {
  return declared;
}
