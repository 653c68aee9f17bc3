import { ascii, u16, u32 } from './sparseMemory.ts';

export interface BuiltMember {
  readonly name: string;
  readonly type: number;
  readonly bitOffset: number;
  readonly bitWidth?: number;
}

/** Writes BTF: types get their numbers, from 1 on, in the order in which they are added. */
export class BtfBuilder {
  readonly #types: number[] = [];
  readonly #strings: number[] = [0];
  #next = 1;

  #name(text: string): number {
    if (text === '') return 0;
    const offset = this.#strings.length;
    this.#strings.push(...ascii(text), 0);
    return offset;
  }

  #add(
    name: string,
    kind: number,
    elements: number,
    flag: boolean,
    sizeOrType: number,
    trailer: number[],
  ): number {
    const info = (kind << 24) | elements | (flag ? 0x80000000 : 0);
    this.#types.push(...u32(this.#name(name)), ...u32(info >>> 0), ...u32(sizeOrType), ...trailer);
    return this.#next++;
  }

  int(name: string, size: number): number {
    return this.#add(name, 1, 0, false, size, u32(size * 8));
  }

  pointer(to: number): number {
    return this.#add('', 2, 0, false, to, []);
  }

  array(element: number, length: number): number {
    return this.#add('', 3, 0, false, 0, [...u32(element), ...u32(0), ...u32(length)]);
  }

  struct(
    name: string,
    size: number,
    members: readonly BuiltMember[],
    kind: 'struct' | 'union' = 'struct',
  ): number {
    const hasBits = members.some(({ bitWidth }) => bitWidth !== undefined);
    const trailer = members.flatMap((member) => [
      ...u32(this.#name(member.name)),
      ...u32(member.type),
      ...u32(hasBits ? ((member.bitWidth ?? 0) << 24) | member.bitOffset : member.bitOffset),
    ]);
    return this.#add(name, kind === 'struct' ? 4 : 5, members.length, hasBits, size, trailer);
  }

  enumeration(name: string, values: Readonly<Record<string, number>>): number {
    const entries = Object.entries(values);
    const trailer = entries.flatMap(([key, value]) => [...u32(this.#name(key)), ...u32(value >>> 0)]);
    return this.#add(
      name,
      6,
      entries.length,
      entries.some(([, value]) => value < 0),
      4,
      trailer,
    );
  }

  enumeration64(name: string, values: Readonly<Record<string, number>>): number {
    const entries = Object.entries(values);
    const trailer = entries.flatMap(([key, value]) => [...u32(this.#name(key)), ...u32(value), ...u32(0)]);
    return this.#add(name, 19, entries.length, false, 8, trailer);
  }

  typedef(name: string, type: number): number {
    return this.#add(name, 8, 0, false, type, []);
  }

  /** Anything else, as its number of kind. */
  other(kind: number, type: number, trailer: number[] = []): number {
    return this.#add('', kind, 0, false, type, trailer);
  }

  /** @param headerSize bytes of the header, of which kernels to come may have more */
  bytes(headerSize = 24): Uint8Array {
    return Uint8Array.from([
      ...u16(0xeb9f),
      1,
      0,
      ...u32(headerSize),
      ...u32(0),
      ...u32(this.#types.length),
      ...u32(this.#types.length),
      ...u32(this.#strings.length),
      ...Array.from({ length: headerSize - 24 }, () => 0),
      ...this.#types,
      ...this.#strings,
    ]);
  }
}
