import { InspectError } from '../inspectError.ts';
import { readText, readU16, readU32 } from '../memory/littleEndian.ts';

/** Kinds of types in BTF. Linux: include/uapi/linux/btf.h (6.16) */
export const KIND = {
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  forward: 7,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  function: 12,
  functionPrototype: 13,
  variable: 14,
  dataSection: 15,
  float: 16,
  declarationTag: 17,
  typeTag: 18,
  enum64: 19,
} as const;

/** Bytes behind a type's header: so many for the type itself, and so many for each of its elements. */
const TRAILER: Readonly<Record<number, { readonly own: number; readonly element: number }>> = {
  [KIND.int]: { own: 4, element: 0 },
  [KIND.pointer]: { own: 0, element: 0 },
  [KIND.array]: { own: 12, element: 0 },
  [KIND.struct]: { own: 0, element: 12 },
  [KIND.union]: { own: 0, element: 12 },
  [KIND.enum]: { own: 0, element: 8 },
  [KIND.forward]: { own: 0, element: 0 },
  [KIND.typedef]: { own: 0, element: 0 },
  [KIND.volatile]: { own: 0, element: 0 },
  [KIND.const]: { own: 0, element: 0 },
  [KIND.restrict]: { own: 0, element: 0 },
  [KIND.function]: { own: 0, element: 0 },
  [KIND.functionPrototype]: { own: 0, element: 8 },
  [KIND.variable]: { own: 4, element: 0 },
  [KIND.dataSection]: { own: 0, element: 12 },
  [KIND.float]: { own: 0, element: 0 },
  [KIND.declarationTag]: { own: 4, element: 0 },
  [KIND.typeTag]: { own: 0, element: 0 },
  [KIND.enum64]: { own: 0, element: 12 },
};

const MAGIC = 0xeb9f;
const VERSION = 1;
const HEADER_SIZE = 24;
const TYPE_HEADER_SIZE = 12;

/** A type as it stands in the table. */
export interface TypeRecord {
  readonly kind: number;
  readonly name: string;
  /** Struct and union: bit fields have their width in their offset. Enum: values are signed. */
  readonly kindFlag: boolean;
  /** Number of elements: members, enumerators, parameters. */
  readonly elementCount: number;
  /** Size in bytes, or the number of the type that is referred to: which of them, the kind tells. */
  readonly sizeOrType: number;
  /** What follows the header. */
  readonly trailer: Uint8Array;
}

/** The types of a kernel by number; 0 is void. */
export interface TypeTable {
  /** @throws InspectError when there is no such type */
  readonly type: (id: number) => TypeRecord;
  /** Numbers of the types of these kinds that have elements. */
  readonly withElements: (kinds: readonly number[]) => Iterable<number>;
  /** The first of them that has a name. */
  readonly find: (kinds: readonly number[], name: string) => number | undefined;
  /** A name by its place among the strings. */
  readonly text: (offset: number) => string;
}

/** What the header of BTF says. Places are counted from the beginning of the header. */
export interface BtfHeader {
  readonly types: { readonly start: number; readonly length: number };
  readonly strings: { readonly start: number; readonly length: number };
  /** Bytes from the header to the end of both sections. */
  readonly size: number;
}

/** Reads the header of BTF, undefined where none is. */
export function readBtfHeader(bytes: Uint8Array): BtfHeader | undefined {
  if (bytes.length < HEADER_SIZE || readU16(bytes, 0) !== MAGIC || bytes[2] !== VERSION) return undefined;
  const headerSize = readU32(bytes, 4);
  if (headerSize < HEADER_SIZE || headerSize > PLAUSIBLE_HEADER) return undefined;
  const types = { start: headerSize + readU32(bytes, 8), length: readU32(bytes, 12) };
  const strings = { start: headerSize + readU32(bytes, 16), length: readU32(bytes, 20) };
  const size = Math.max(types.start + types.length, strings.start + strings.length);
  return { types, strings, size };
}

/** A header may grow, but hardly beyond this. */
const PLAUSIBLE_HEADER = 256;

/**
 * Reads BTF, the type information that a kernel carries with it.
 *
 * @throws InspectError when the bytes are no BTF, are cut off, or hold a kind of type that is not known
 */
export function parseBtf(bytes: Uint8Array): TypeTable {
  const header = readBtfHeader(bytes);
  if (header === undefined)
    throw new InspectError('no BTF: its magic number or version is missing (is CONFIG_DEBUG_INFO_BTF on?)');
  if (header.size > bytes.length)
    throw new InspectError(`BTF is cut off: ${header.size} bytes announced, ${bytes.length} there`);
  const types = bytes.subarray(header.types.start, header.types.start + header.types.length);
  const strings = bytes.subarray(header.strings.start, header.strings.start + header.strings.length);
  const places = placesOfTypes(types);

  function placeOf(id: number): number {
    const place = id > 0 ? places[id] : undefined;
    if (place === undefined) throw new InspectError(`BTF has no type ${id}: it is damaged`);
    return place;
  }

  function text(offset: number): string {
    return offset < strings.length ? readText(strings, offset) : '';
  }

  /** Whether this name stands there, without making a string of what stands there. */
  function isNamed(offset: number, name: Uint8Array): boolean {
    for (let index = 0; index < name.length; index++) {
      if (strings[offset + index] !== name[index]) return false;
    }
    return strings[offset + name.length] === 0;
  }

  function type(id: number): TypeRecord {
    const place = placeOf(id);
    const info = readU32(types, place + 4);
    return {
      kind: kindOf(info),
      name: text(readU32(types, place)),
      kindFlag: info >>> 31 === 1,
      elementCount: elementCountOf(info),
      sizeOrType: readU32(types, place + 8),
      trailer: types.subarray(place + TYPE_HEADER_SIZE, place + TYPE_HEADER_SIZE + trailerSize(info)),
    };
  }

  function* withElements(kinds: readonly number[]): Generator<number> {
    for (let id = 1; id < places.length; id++) {
      const info = readU32(types, placeOf(id) + 4);
      if (kinds.includes(kindOf(info)) && elementCountOf(info) > 0) yield id;
    }
  }

  function find(kinds: readonly number[], name: string): number | undefined {
    const wanted = new TextEncoder().encode(name);
    for (const id of withElements(kinds)) {
      if (isNamed(readU32(types, placeOf(id)), wanted)) return id;
    }
    return undefined;
  }

  return { type, withElements, find, text };
}

function kindOf(info: number): number {
  return (info >>> 24) & 0x1f;
}

function elementCountOf(info: number): number {
  return info & 0xffff;
}

function trailerSize(info: number): number {
  const shape = TRAILER[kindOf(info)];
  if (shape === undefined)
    throw new InspectError(
      `BTF holds a type of kind ${kindOf(info)}, which is not known: this kernel is newer than daxlab`,
    );
  return shape.own + shape.element * elementCountOf(info);
}

/** Where each type begins. Types have different lengths and no index, so that one pass over all is needed. */
function placesOfTypes(types: Uint8Array): number[] {
  const places = [0];
  let place = 0;
  while (place < types.length) {
    if (place + TYPE_HEADER_SIZE > types.length)
      throw new InspectError('BTF ends within a type: it is damaged');
    places.push(place);
    place += TYPE_HEADER_SIZE + trailerSize(readU32(types, place + 4));
  }
  if (place > types.length) throw new InspectError('BTF ends within a type: it is damaged');
  return places;
}
