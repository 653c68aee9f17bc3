import type { Brand, Pfn } from '../brand.ts';
import { defineStruct, type Struct } from '../field.ts';
import { type Op, primitive } from '../primitive.ts';

/** Bytes a page. */
export const PAGE_SIZE = 4096;

/** Physical address of a byte: `pfn * PAGE_SIZE + offset`. */
export type Paddr = Brand<'Paddr'>;

/** What the devices hold. Outlives the drivers that bind them. */
export const device_bytes: Struct<Paddr, 'value'> = defineStruct<Paddr, 'value'>(
  'device_bytes',
  { doc: 'one byte of device memory' },
  { value: { doc: 'the byte, 0 to 255' } },
);

/** Reads one byte of page `pfn`. */
export const load_byte: (pfn: Pfn, offset: number) => Op<number> = primitive((machine, pfn, offset) =>
  machine.memory.of(device_bytes).value.get(pfn * PAGE_SIZE + offset),
);

/** Writes one byte of page `pfn`. */
export const store_byte: (pfn: Pfn, offset: number, value: number) => Op = primitive(
  (machine, pfn, offset, value) =>
    machine.memory.of(device_bytes).value.set(pfn * PAGE_SIZE + offset, value & 255),
);
