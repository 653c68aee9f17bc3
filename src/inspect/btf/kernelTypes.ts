import { InspectError } from '../inspectError.ts';
import { readS32, readU32, readU64 } from '../memory/littleEndian.ts';
import { KIND, type TypeRecord, type TypeTable } from './typeTable.ts';

/** Where a member lies in its struct. */
export interface Member {
  /** Bytes from the beginning of the struct. */
  readonly offset: number;
  /** Bytes; of a bit field those of its declared type. */
  readonly size: number;
  /** Of a bit field: its place within the struct in bits, and its width. */
  readonly bits?: { readonly offset: number; readonly width: number };
  /** Number of its type. */
  readonly type: number;
}

/** The layout of a kernel's structs, by name. */
export interface KernelTypes {
  /**
   * A member of a struct or union. The path may lead through members with dots; unnamed structs and unions on the way
   * are gone through as in C.
   *
   * @throws InspectError that names the struct and the member, when one of them is missing
   */
  readonly member: (struct: string, path: string) => Member;
  /** The same, or undefined when there is no such member. Still throws when the struct itself is missing. */
  readonly findMember: (struct: string, path: string) => Member | undefined;
  /** Bytes of a struct or union. */
  readonly sizeOf: (struct: string) => number;
  /** Names and values of an enum, in the order of its declaration; undefined when there is none of that name. */
  readonly enumerators: (name: string) => readonly Enumerator[] | undefined;
  /** Value of a constant of any enum, named or not; undefined when no enum has it. */
  readonly constant: (enumerator: string) => number | undefined;
}

export interface Enumerator {
  readonly name: string;
  readonly value: number;
}

const STRUCTS = [KIND.struct, KIND.union];
const ENUMS = [KIND.enum, KIND.enum64];
/** Types that are another type with something added, and have its size. */
const ALIASES = [KIND.typedef, KIND.volatile, KIND.const, KIND.restrict, KIND.typeTag];
/** Types within types that a kernel has at most; damaged BTF may go round in circles. */
const DEEPEST = 32;
const POINTER_SIZE = 8;

interface MemberRecord {
  readonly name: string;
  readonly type: number;
  /** Bits from the beginning of the struct. */
  readonly bitOffset: number;
  /** 0 when it is no bit field. */
  readonly bitWidth: number;
}

/** Looks up what types of a kernel look like. */
export function kernelTypes(table: TypeTable): KernelTypes {
  /** Numbers of the structs that were asked for: to find one takes a look at all types. */
  const structs = new Map<string, number>();

  /** The type behind typedefs and qualifiers. */
  function bareType(id: number): { id: number; record: TypeRecord } {
    let at = id;
    for (let depth = 0; depth < DEEPEST; depth++) {
      const record = table.type(at);
      if (!ALIASES.includes(record.kind as (typeof ALIASES)[number])) return { id: at, record };
      at = record.sizeOrType;
    }
    throw new InspectError(`type ${id} of BTF refers to itself: it is damaged`);
  }

  function sizeOfType(id: number, depth = 0): number {
    const { record } = bareType(id);
    if (record.kind === KIND.pointer) return POINTER_SIZE;
    if (record.kind !== KIND.array) return record.sizeOrType;
    if (depth > DEEPEST) throw new InspectError(`array type ${id} of BTF holds itself: it is damaged`);
    return readU32(record.trailer, 8) * sizeOfType(readU32(record.trailer, 0), depth + 1);
  }

  function membersOf(record: TypeRecord): MemberRecord[] {
    return Array.from({ length: record.elementCount }, (_, index) => {
      const at = index * 12;
      const offset = readU32(record.trailer, at + 8);
      return {
        name: table.text(readU32(record.trailer, at)),
        type: readU32(record.trailer, at + 4),
        bitOffset: record.kindFlag ? offset & 0xffffff : offset,
        bitWidth: record.kindFlag ? offset >>> 24 : 0,
      };
    });
  }

  /** The member of that name, gone through unnamed structs and unions. */
  function memberNamed(id: number, name: string, depth = 0): MemberRecord | undefined {
    const { record } = bareType(id);
    if (!STRUCTS.includes(record.kind as (typeof STRUCTS)[number]) || depth > DEEPEST) return undefined;
    for (const member of membersOf(record)) {
      if (member.name === name) return member;
      if (member.name !== '') continue;
      const within = memberNamed(member.type, name, depth + 1);
      if (within !== undefined) return { ...within, bitOffset: member.bitOffset + within.bitOffset };
    }
    return undefined;
  }

  function structNamed(name: string): number {
    const id = structs.get(name) ?? table.find(STRUCTS, name);
    if (id === undefined) throw new InspectError(`this kernel has no struct ${name}`);
    structs.set(name, id);
    return id;
  }

  function findMember(struct: string, path: string): Member | undefined {
    let type = structNamed(struct);
    let bitOffset = 0;
    let bitWidth = 0;
    for (const name of path.split('.')) {
      const member = memberNamed(type, name);
      if (member === undefined) return undefined;
      type = member.type;
      bitOffset += member.bitOffset;
      bitWidth = member.bitWidth;
    }
    const member = { offset: Math.floor(bitOffset / 8), size: sizeOfType(type), type };
    return bitWidth === 0 ? member : { ...member, bits: { offset: bitOffset, width: bitWidth } };
  }

  function enumeratorsOf(record: TypeRecord): Enumerator[] {
    const width = record.kind === KIND.enum64 ? 12 : 8;
    return Array.from({ length: record.elementCount }, (_, index) => {
      const at = index * width;
      const name = table.text(readU32(record.trailer, at));
      if (record.kind === KIND.enum64) return { name, value: Number(readU64(record.trailer, at + 4)) };
      const value = record.kindFlag ? readS32(record.trailer, at + 4) : readU32(record.trailer, at + 4);
      return { name, value };
    });
  }

  return {
    findMember,
    member: (struct, path) => {
      const member = findMember(struct, path);
      if (member === undefined)
        throw new InspectError(
          `struct ${struct} of this kernel has no member ${path}: it moved or was renamed`,
        );
      return member;
    },
    sizeOf: (struct) => table.type(structNamed(struct)).sizeOrType,
    enumerators: (name) => {
      const id = table.find(ENUMS, name);
      return id === undefined ? undefined : enumeratorsOf(table.type(id));
    },
    constant: (enumerator) => {
      for (const id of table.withElements(ENUMS)) {
        const found = enumeratorsOf(table.type(id)).find(({ name }) => name === enumerator);
        if (found !== undefined) return found.value;
      }
      return undefined;
    },
  };
}
