import { type Op, primitive } from '../../machine/primitive.ts';
import { device_bytes } from '../../machine/primitives/bytes.ts';
import { eachByte } from './medium.ts';
import type { Pfn } from './numbers.ts';
import { page } from './page.ts';

/*
 * Frames of ordinary memory, for the copies that private mappings make. They have numbers that no device and no page of zeros
 * has, so that the number tells what a kernel finds in page.mapping (PAGE_MAPPING_ANON).
 */

/** The first such frame, behind the huge zero folio, and the first behind them: 64 MiB, so that few tests see an end of memory. */
export const ANON_FIRST_PFN = 1024;
export const ANON_END_PFN = 17_408;

/** PG_ bit: only one process can have mapped the page (PG_anon_exclusive, include/linux/page-flags.h). */
export const PG_anon_exclusive = 256;

/**
 * PG_ bit: what the page holds may be read (PG_uptodate, include/linux/page-flags.h). It tells a page whose last reference is
 * gone, but that nobody has freed yet, from a free one.
 */
export const PG_uptodate = 128;

/** A free frame, with one reference and mapped by nobody; 0 if there is none (alloc_frozen_pages, folio_prealloc). */
export const alloc_anon_page: () => Op<Pfn> = primitive((machine) => {
  const pages = machine.memory.of(page);
  for (let pfn: Pfn = ANON_FIRST_PFN; pfn < ANON_END_PFN; pfn++) {
    if (pages.flags.get(pfn) !== 0) continue;
    pages.flags.set(pfn, PG_uptodate);
    pages._refcount.set(pfn, 1);
    pages._mapcount.set(pfn, -1);
    return pfn;
  }
  return 0;
});

/** Gives a frame back that nobody holds; what it held is gone (free_frozen_pages). */
export const free_anon_page: (pfn: Pfn) => Op = primitive((machine, pfn) => {
  const { value } = machine.memory.of(device_bytes);
  machine.memory.forget(page, pfn, pfn + 1);
  eachByte(machine, pfn, 1, (slot) => {
    if (value.get(slot) !== 0) value.set(slot, 0);
  });
});
