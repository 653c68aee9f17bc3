import { PAGE_SIZE } from '../memory/addresses.ts';
import { readU32 } from '../memory/littleEndian.ts';
import type { PhysicalMemory } from '../memory/physicalMemory.ts';
import { parseElfNotes } from './elfNotes.ts';

/** Bytes that are looked through at a time. */
const CHUNK = 2 ** 18;

/** Bytes of the name VMCOREINFO with its NUL, which is how the note begins. */
const NAME_SIZE = 11;

/** Pages that a note of a kernel may fill. */
const NOTE_PAGES = 4;

/** The text of the note that these bytes begin with. */
function noteText(bytes: Uint8Array): string | undefined {
  const [note] = parseElfNotes(bytes);
  return note?.name === 'VMCOREINFO' ? new TextDecoder().decode(note.content) : undefined;
}

/**
 * Looks for VMCOREINFO notes in physical memory. The kernel keeps its note in pages of its own, so that it begins
 * where a page begins. There may be more than one: memory that was not cleared remembers kernels of earlier boots. Which
 * one is right only its page tables tell.
 *
 * Linux: kernel/vmcore_info.c vmcoreinfo_note (6.16)
 */
export function* findVmcoreinfo(memory: PhysicalMemory): Generator<string> {
  for (const range of memory.ranges) {
    const first = Math.ceil(range.start / PAGE_SIZE) * PAGE_SIZE;
    const end = range.start + range.length;
    for (let chunk = first; chunk < end; chunk += CHUNK) {
      const bytes = memory.read(chunk, Math.min(CHUNK, end - chunk));
      if (bytes === undefined) continue;
      for (let at = 0; at + PAGE_SIZE <= bytes.length; at += PAGE_SIZE) {
        if (bytes[at] !== NAME_SIZE || readU32(bytes, at) !== NAME_SIZE) continue;
        const page = chunk + at;
        const note = memory.read(page, Math.min(NOTE_PAGES * PAGE_SIZE, end - page));
        const text = note === undefined ? undefined : noteText(note);
        if (text !== undefined) yield text;
      }
    }
  }
}
