import { ascii, u16, u32, u64 } from './sparseMemory.ts';

export interface BuiltSegment {
  readonly physicalAddress: bigint;
  readonly content: ArrayLike<number>;
}

export interface BuiltNote {
  readonly name: string;
  readonly content: readonly number[];
}

/** Changes to the header of an ELF file, by their place. */
export type HeaderChanges = Readonly<Record<number, readonly number[]>>;

const HEADER = 64;
const ENTRY = 56;
const PT_LOAD = 1;
const PT_NOTE = 4;

function padded(bytes: readonly number[]): number[] {
  return [...bytes, ...Array.from({ length: (4 - (bytes.length % 4)) % 4 }, () => 0)];
}

/** The bytes of notes, one behind the other. */
export function noteBytes(notes: readonly BuiltNote[]): number[] {
  return notes.flatMap(({ name, content }) => [
    ...u32(name.length + 1),
    ...u32(content.length),
    ...u32(0),
    ...padded([...ascii(name), 0]),
    ...padded(content),
  ]);
}

function programHeader(type: number, offset: number, physicalAddress: bigint, size: number): number[] {
  return [
    ...u32(type),
    ...u32(7),
    ...u64(BigInt(offset)),
    ...u64(0n),
    ...u64(physicalAddress),
    ...u64(BigInt(size)),
    ...u64(BigInt(size)),
    ...u64(0n),
  ];
}

/** An ELF core file of x86-64: notes, then memory. */
export function buildElfCore(
  notes: readonly BuiltNote[],
  segments: readonly BuiltSegment[],
  changes: HeaderChanges = {},
): Uint8Array {
  const note = noteBytes(notes);
  const count = segments.length + 1;
  const header = [
    ...[0x7f, ...ascii('ELF'), 2, 1, 1],
    ...Array.from({ length: 9 }, () => 0),
    ...u16(4),
    ...u16(62),
    ...u32(1),
    ...u64(0n),
    ...u64(BigInt(HEADER)),
    ...u64(0n),
    ...u32(0),
    ...u16(HEADER),
    ...u16(ENTRY),
    ...u16(count),
    ...u16(64),
    ...u16(0),
    ...u16(0),
  ];
  let offset = HEADER + count * ENTRY;
  const headers = programHeader(PT_NOTE, offset, 0n, note.length);
  offset += note.length;
  for (const { physicalAddress, content } of segments) {
    headers.push(...programHeader(PT_LOAD, offset, physicalAddress, content.length));
    offset += content.length;
  }
  const bytes = new Uint8Array(offset);
  bytes.set([...header, ...headers, ...note]);
  let at = header.length + headers.length + note.length;
  for (const { content } of segments) {
    bytes.set(content, at);
    at += content.length;
  }
  for (const [place, change] of Object.entries(changes)) bytes.set(change, Number(place));
  return bytes;
}
