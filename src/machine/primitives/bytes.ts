import type { Brand, Pfn } from '../brand.ts';
import { defineStruct, type Struct } from '../field.ts';
import type { Memory } from '../memory.ts';
import { type Op, primitive } from '../primitive.ts';
import { CACHE_LINE, cacheLines, cleanLines } from './cacheLines.ts';

/** Bytes a page. */
export const PAGE_SIZE = 4096;

/** More frames than any machine has: x86-64 has 52 bits for a physical address. */
export const FRAME_LIMIT: number = 2 ** 40;

/** One byte of memory, numbered by `byteAt`. */
export type ByteSlot = Brand<'ByteSlot'>;

/** What the devices hold. Outlives the drivers that bind them. */
export const device_bytes: Struct<ByteSlot, 'value'> = defineStruct<ByteSlot, 'value'>(
  'device_bytes',
  { doc: 'one byte of device memory' },
  { value: { doc: 'the byte, 0 to 255' } },
);

/**
 * What persistent memory would hold after a power loss: stores reach it when the caches are written back. Only bytes of
 * a `persistent_range` are kept here; all other memory is as it is.
 */
export const durable_bytes: Struct<ByteSlot, 'value'> = defineStruct<ByteSlot, 'value'>(
  'durable_bytes',
  { doc: 'one byte of persistent memory, as a power loss would leave it' },
  { value: { doc: 'the byte, 0 to 255' } },
);

/** Frames whose bytes have to survive a power loss; from 0, the first that is empty ends the list. */
export const persistent_range: Struct<number, 'first' | 'end'> = defineStruct<number, 'first' | 'end'>(
  'persistent_range',
  { doc: 'neighbouring frames of persistent memory', dense: true },
  {
    first: { doc: 'first frame', wide: true },
    end: { doc: 'first frame behind them; 0 = no more ranges', wide: true },
  },
);

/** Notes that caches hold bytes `[from, to)` of a page, if it is one that outlives the power; all of it unless given. */
export function noteStore(memory: Memory, pfn: Pfn, from = 0, to: number = PAGE_SIZE): void {
  const { first, end } = memory.of(persistent_range);
  for (let range = 0; end.get(range) !== 0; range++) {
    if (pfn < first.get(range) || pfn >= end.get(range)) continue;
    cacheLines(memory, pfn, from, to);
    return;
  }
}

/**
 * The byte at `offset` of page `pfn`. Bytes of one offset in neighbouring pages are neighbours, since programs touch many
 * pages at one place and hardly ever one page at many: so they share their storage.
 */
export function byteAt(pfn: Pfn, offset: number): ByteSlot {
  return offset * FRAME_LIMIT + pfn;
}

/** Reads one byte of page `pfn`. */
export const load_byte: (pfn: Pfn, offset: number) => Op<number> = primitive((machine, pfn, offset) =>
  machine.memory.of(device_bytes).value.get(byteAt(pfn, offset)),
);

/** Writes one byte of page `pfn`. */
export const store_byte: (pfn: Pfn, offset: number, value: number) => Op = primitive(
  (machine, pfn, offset, value) => {
    machine.memory.of(device_bytes).value.set(byteAt(pfn, offset), value & 255);
    noteStore(machine.memory, pfn, offset, offset + 1);
  },
);

/** Has the medium take what caches hold of the line that a byte of a page lies in. */
export function writeBackLine(memory: Memory, pfn: Pfn, offset: number): void {
  const bytes = memory.of(device_bytes).value;
  const durable = memory.of(durable_bytes).value;
  const start = offset - (offset % CACHE_LINE);
  for (let at = start; at < start + CACHE_LINE; at++) {
    const slot = byteAt(pfn, at);
    const byte = bytes.get(slot);
    if (durable.get(slot) !== byte) durable.set(slot, byte);
  }
  cleanLines(memory, pfn, start, start + CACHE_LINE);
}

/** Writes one byte of page `pfn` and its line back at once, so that a power loss takes neither away (__copy_user_flushcache). */
export const store_byte_flushcache: (pfn: Pfn, offset: number, value: number) => Op = primitive(
  (machine, pfn, offset, value) => {
    machine.memory.of(device_bytes).value.set(byteAt(pfn, offset), value & 255);
    writeBackLine(machine.memory, pfn, offset);
  },
);
