import type { Brand, Pfn } from '../brand.ts';
import { defineStruct, type Struct } from '../field.ts';
import { type Op, primitive } from '../primitive.ts';

/** Bytes a page. */
export const PAGE_SIZE = 4096;

/** More frames than any machine has. */
export const FRAME_LIMIT: number = 2 ** 32;

/** One byte of memory, numbered by `byteAt`. */
export type ByteSlot = Brand<'ByteSlot'>;

/** What the devices hold. Outlives the drivers that bind them. */
export const device_bytes: Struct<ByteSlot, 'value'> = defineStruct<ByteSlot, 'value'>(
  'device_bytes',
  { doc: 'one byte of device memory' },
  { value: { doc: 'the byte, 0 to 255' } },
);

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
  (machine, pfn, offset, value) =>
    machine.memory.of(device_bytes).value.set(byteAt(pfn, offset), value & 255),
);
