/** Of a 64-bit little-endian ELF file, what loading a program or a module needs to know. */
export interface ElfFile {
  /** A section's bytes; null when it has none of that name. */
  section(name: string): Buffer | null;
}

/** Linux: include/uapi/linux/elf.h: the places of the fields that are read here. */
const HEADER = { bytes: 64, sectionTable: 0x28, sectionBytes: 0x3a, sectionCount: 0x3c, namesIndex: 0x3e };
const SECTION = { bytes: 64, name: 0, type: 4, offset: 0x18, size: 0x20 };
const SHT_NOBITS = 8;
const DT_NEEDED = 1n;
const DYNAMIC_ENTRY_BYTES = 16;

/** Opens an ELF file; null for bytes that are none. */
export function elfFile(bytes: Buffer): ElfFile | null {
  if (bytes.length < HEADER.bytes || bytes.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return null;
  const table = Number(bytes.readBigUInt64LE(HEADER.sectionTable));
  const count = bytes.readUInt16LE(HEADER.sectionCount);
  if (
    bytes.readUInt16LE(HEADER.sectionBytes) !== SECTION.bytes ||
    table + count * SECTION.bytes > bytes.length
  )
    return null;
  const headers = Array.from({ length: count }, (_, i) => {
    const at = table + i * SECTION.bytes;
    return bytes.subarray(at, at + SECTION.bytes);
  });
  const names = contentOf(bytes, headers[bytes.readUInt16LE(HEADER.namesIndex)]);
  return {
    section: (name) => {
      const found = headers.find((header) => textAt(names, header.readUInt32LE(SECTION.name)) === name);
      return found === undefined ? null : contentOf(bytes, found);
    },
  };
}

/** The program that loads this one, such as /lib64/ld-linux-x86-64.so.2; null for a static program. */
export function interpreterOf(elf: ElfFile): string | null {
  const section = elf.section('.interp');
  return section === null ? null : textAt(section, 0);
}

/** The names of the shared libraries that it wants. */
export function neededBy(elf: ElfFile): string[] {
  const dynamic = elf.section('.dynamic') ?? Buffer.alloc(0);
  const texts = elf.section('.dynstr') ?? Buffer.alloc(0);
  const names: string[] = [];
  for (let at = 0; at + DYNAMIC_ENTRY_BYTES <= dynamic.length; at += DYNAMIC_ENTRY_BYTES) {
    if (dynamic.readBigInt64LE(at) !== DT_NEEDED) continue;
    names.push(textAt(texts, Number(dynamic.readBigUInt64LE(at + 8))));
  }
  return names;
}

/** The `key=value` lines that a kernel module says of itself. */
export function moduleInformation(elf: ElfFile): Readonly<Record<string, string>> {
  const lines = (elf.section('.modinfo') ?? Buffer.alloc(0)).toString('latin1').split('\0');
  return Object.fromEntries(lines.filter((line) => line.includes('=')).map(keyAndValue));
}

function keyAndValue(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

function contentOf(bytes: Buffer, header: Buffer | undefined): Buffer {
  if (header === undefined || header.readUInt32LE(SECTION.type) === SHT_NOBITS) return Buffer.alloc(0);
  const offset = Number(header.readBigUInt64LE(SECTION.offset));
  return bytes.subarray(offset, offset + Number(header.readBigUInt64LE(SECTION.size)));
}

function textAt(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(0, start);
  return bytes.toString('latin1', start, end < 0 ? bytes.length : end);
}
