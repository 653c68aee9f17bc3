import { readText, readU32 } from '../memory/littleEndian.ts';

/** A note of an ELF file. */
export interface ElfNote {
  readonly name: string;
  readonly type: number;
  readonly content: Uint8Array;
}

const HEADER_SIZE = 12;

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}

/** The notes of a note segment, up to the first that is cut off or empty. */
export function parseElfNotes(bytes: Uint8Array): ElfNote[] {
  const notes: ElfNote[] = [];
  let at = 0;
  while (at + HEADER_SIZE <= bytes.length) {
    const nameSize = readU32(bytes, at);
    const contentSize = readU32(bytes, at + 4);
    const nameStart = at + HEADER_SIZE;
    const contentStart = nameStart + padded(nameSize);
    const end = contentStart + contentSize;
    if (nameSize === 0 || end > bytes.length) break;
    notes.push({
      name: readText(bytes.subarray(nameStart, nameStart + nameSize), 0),
      type: readU32(bytes, at + 8),
      content: bytes.subarray(contentStart, end),
    });
    at = contentStart + padded(contentSize);
  }
  return notes;
}
