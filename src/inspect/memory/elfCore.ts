import { InspectError } from '../inspectError.ts';
import { type ElfNote, parseElfNotes } from '../vmcoreinfo/elfNotes.ts';
import type { ByteSource } from './byteSource.ts';
import { readU16, readU32, readU64 } from './littleEndian.ts';
import type { PhysicalMemory } from './physicalMemory.ts';
import { type MemorySegment, segmentedMemory } from './segments.ts';

/** An ELF core file: a dump of QEMU's, a vmcore, or /proc/kcore. */
export interface ElfCore {
  readonly memory: PhysicalMemory;
  /** The text of its VMCOREINFO note; undefined when it has none. */
  readonly vmcoreinfo: string | undefined;
}

const HEADER_SIZE = 64;
const PROGRAM_HEADER_SIZE = 56;
const ELF_MAGIC = 0x464c457f;
const ELFCLASS64 = 2;
const ELFDATA2LSB = 1;
const ET_CORE = 4;
const EM_X86_64 = 62;
const PT_LOAD = 1;
const PT_NOTE = 4;
/** In e_phnum: there are more program headers than fit, the first section header has their number. */
const PN_XNUM = 0xffff;
/** /proc/kcore gives this for what is not at one place of physical memory. */
const NO_PHYSICAL_ADDRESS = 0xffffffffffffffffn;
/** Bytes of headers or notes that are too many to be true. */
const LARGEST_TABLE = 64 * 2 ** 20;
/** No x86 has more physical address bits. */
const PHYSICAL_LIMIT = 1n << 52n;

function exactly(source: ByteSource, position: number | bigint, length: number, what: string): Uint8Array {
  if (length > LARGEST_TABLE)
    throw new InspectError(`the core file has ${what} of ${length} bytes: it is damaged`);
  const bytes = source.read(position, length);
  if (bytes.length < length)
    throw new InspectError(`the core file ends within its ${what}: it is incomplete`);
  return bytes;
}

function checkHeader(header: Uint8Array): void {
  if (readU32(header, 0) !== ELF_MAGIC)
    throw new InspectError(
      'not an ELF core file: its magic number is missing (compressed kdump files are not read; dump as ELF)',
    );
  if (header[4] !== ELFCLASS64 || header[5] !== ELFDATA2LSB || readU16(header, 18) !== EM_X86_64)
    throw new InspectError('the core file is not of an x86-64 machine');
  if (readU16(header, 16) !== ET_CORE)
    throw new InspectError('an ELF file, but not a core file: it holds a program and no memory');
}

function programHeaderCount(source: ByteSource, header: Uint8Array): number {
  const count = readU16(header, 56);
  if (count !== PN_XNUM) return count;
  return readU32(exactly(source, readU64(header, 40), HEADER_SIZE, 'section headers'), 44);
}

/** A dump that is still being written, or for which there was no room, has all headers and lacks memory. */
function checkEnd(source: ByteSource, segments: readonly MemorySegment[]): void {
  let end = 0n;
  for (const { fileOffset, bytes } of segments) {
    const segmentEnd = BigInt(fileOffset) + BigInt(bytes);
    if (segmentEnd > end) end = segmentEnd;
  }
  exactly(source, end - 1n, 1, 'memory');
}

/**
 * Reads the headers of an ELF core file.
 *
 * @throws InspectError when it is none, or is cut off, or has no memory in it
 */
export function openElfCore(source: ByteSource): ElfCore {
  const header = exactly(source, 0, HEADER_SIZE, 'header');
  checkHeader(header);
  const count = programHeaderCount(source, header);
  const entrySize = readU16(header, 54);
  if (entrySize < PROGRAM_HEADER_SIZE)
    throw new InspectError(`the core file has program headers of ${entrySize} bytes, too short for x86-64`);
  const table = exactly(source, readU64(header, 32), count * entrySize, 'program headers');

  const segments: MemorySegment[] = [];
  const notes: ElfNote[] = [];
  for (let index = 0; index < count; index++) {
    const entry = table.subarray(index * entrySize, (index + 1) * entrySize);
    const type = readU32(entry, 0);
    const position = readU64(entry, 8);
    const start = readU64(entry, 24);
    const length = readU64(entry, 32);
    if (type === PT_NOTE) notes.push(...parseElfNotes(exactly(source, position, Number(length), 'notes')));
    if (type !== PT_LOAD || length === 0n || start === NO_PHYSICAL_ADDRESS) continue;
    if (start + length > PHYSICAL_LIMIT)
      throw new InspectError(
        `segment ${index} of the core file ends beyond the physical addresses of x86-64: it is damaged`,
      );
    segments.push({ physicalAddress: Number(start), fileOffset: position, bytes: Number(length) });
  }
  if (segments.length === 0)
    throw new InspectError('the core file has no segment with a physical address: no memory to read');
  checkEnd(source, segments);

  const note = notes.find(({ name }) => name === 'VMCOREINFO');
  return {
    memory: segmentedMemory(source, segments),
    vmcoreinfo: note === undefined ? undefined : new TextDecoder().decode(note.content),
  };
}
