import type { Machine } from '../../machine/machine.ts';
import type { Memory } from '../../machine/memory.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import {
  device_bytes,
  durable_bytes,
  FRAME_LIMIT,
  noteStore,
  PAGE_SIZE,
  persistent_range,
} from '../../machine/primitives/bytes.ts';
import {
  breaksPromise,
  CACHE_LINE,
  cached_page,
  cleanLines,
  promiseLines,
} from '../../machine/primitives/cacheLines.ts';
import { dev_dax } from './dax.ts';
import { readExtents } from './extent_table.ts';
import { inode } from './inode.ts';
import type { DeviceId, InodeId, Pfn } from './numbers.ts';

/*
 * Pages of a persistent medium, whole or in part: each of these is one step, as nobody can tell where in the page it stands.
 */

/** Calls back on each byte of frames `[first, first + nr)` that anybody ever touched, or that the medium has. */
export function eachByte(machine: Machine, first: Pfn, nr: number, visit: (slot: number) => void): void {
  const { memory } = machine;
  const slots = [device_bytes, durable_bytes].flatMap((bytes) =>
    memory.touchedIn(bytes, 0, Number.MAX_SAFE_INTEGER),
  );
  for (const slot of new Set(slots)) {
    const pfn = slot % FRAME_LIMIT;
    if (pfn >= first && pfn < first + nr) visit(slot);
  }
}

/** Notes that the medium has the pages of `[first, first + nr)`. */
function cleanPages(memory: Memory, first: Pfn, nr: number): void {
  for (const pfn of memory.touchedIn(cached_page, first, first + nr)) cleanLines(memory, pfn, 0, PAGE_SIZE);
}

/** Declares a range of frames persistent: what is stored there is durable only once the caches were written back. */
export const persistent_range_add: (first: Pfn, nr: number) => Op = primitive((machine, first, nr) => {
  const ranges = machine.memory.of(persistent_range);
  let range = 0;
  while (ranges.end.get(range) !== 0 && ranges.first.get(range) !== first) range++;
  ranges.first.set(range, first);
  ranges.end.set(range, first + nr);
});

/** Zeroes pages, past the caches (blkdev_issue_zeroout; dax_zero_page_range). */
export const zero_pages: (first: Pfn, nr: number) => Op = primitive((machine, first, nr) => {
  const bytes = machine.memory.of(device_bytes).value;
  const durable = machine.memory.of(durable_bytes).value;
  eachByte(machine, first, nr, (slot) => {
    if (bytes.get(slot) !== 0) bytes.set(slot, 0);
    if (durable.get(slot) !== 0) durable.set(slot, 0);
  });
  cleanPages(machine.memory, first, nr);
});

/** Zeroes bytes `[from, to)` of a page, in the caches (memset). */
export const zero_bytes: (pfn: Pfn, from: number, to: number) => Op = primitive((machine, pfn, from, to) => {
  const { value } = machine.memory.of(device_bytes);
  eachByte(machine, pfn, 1, (slot) => {
    if (isWithin(slot, from, to) && value.get(slot) !== 0) value.set(slot, 0);
  });
  noteStore(machine.memory, pfn, from, to);
});

function isWithin(slot: number, from: number, to: number): boolean {
  const offset = Math.floor(slot / FRAME_LIMIT);
  return offset >= from && offset < to;
}

/** Writes back what caches hold of pages `[first, first + nr)` (arch_wb_cache_pmem). */
export const arch_wb_cache_pmem: (first: Pfn, nr: number) => Op = primitive((machine, first, nr) => {
  const bytes = machine.memory.of(device_bytes).value;
  const durable = machine.memory.of(durable_bytes).value;
  eachByte(machine, first, nr, (slot) => {
    if (durable.get(slot) !== bytes.get(slot)) durable.set(slot, bytes.get(slot));
  });
  cleanPages(machine.memory, first, nr);
});

/** Writes back the lines that bytes `[from, to)` of a page lie in, and no others (clean_cache_range). */
export const clean_cache_range: (pfn: Pfn, from: number, to: number) => Op = primitive(
  (machine, pfn, from, to) => {
    const bytes = machine.memory.of(device_bytes).value;
    const durable = machine.memory.of(durable_bytes).value;
    const start = from - (from % CACHE_LINE);
    const end = Math.ceil(to / CACHE_LINE) * CACHE_LINE;
    eachByte(machine, pfn, 1, (slot) => {
      if (isWithin(slot, start, end) && durable.get(slot) !== bytes.get(slot))
        durable.set(slot, bytes.get(slot));
    });
    cleanLines(machine.memory, pfn, start, end);
  },
);

/** Calls back on each run of frames behind pages `[first, last]` of a file. */
function eachRun(
  memory: Memory,
  file: InodeId,
  first: number,
  last: number,
  visit: (pfn: Pfn, nr: number) => void,
): void {
  const device = memory.of(inode).i_sb.get(file) - 1;
  const start = memory.of(dev_dax).start_pfn.get(device);
  for (const { inode: owner, file_block, block, length } of readExtents(memory)) {
    const from = Math.max(first, file_block);
    const to = Math.min(last + 1, file_block + length);
    if (owner === file && from < to) visit(start + block + from - file_block, to - from);
  }
}

/**
 * Notes which of pages `[first, last]` of a file have to be durable when the call that begins here ends. No step of the
 * kernel: the promise is what user space knows.
 */
export const durability_promise: (file: InodeId, first: number, last: number) => Op = primitive(
  (machine, file, first, last) => {
    const { memory } = machine;
    eachRun(memory, file, first, last, (start, nr) => {
      for (const pfn of memory.touchedIn(cached_page, start, start + nr)) promiseLines(memory, pfn);
    });
  },
);

/** Reports those of pages `[first, last]` of a file whose bytes were to be durable by now, and are not. */
export const durability_verdict: (file: InodeId, first: number, last: number) => Op = primitive(
  (machine, file, first, last) => {
    const { memory, observer, cpu } = machine;
    eachRun(memory, file, first, last, (start, nr) => {
      for (const pfn of memory.touchedIn(cached_page, start, start + nr)) {
        if (breaksPromise(memory, pfn)) observer.promiseBroken?.(cpu, pfn);
      }
    });
  },
);

/** Takes back what of a device was in caches only, as a power loss does. */
export const power_fail: (device: DeviceId) => Op = primitive((machine, device) => {
  const { start_pfn, nr_pages } = machine.memory.of(dev_dax);
  const first = start_pfn.get(device);
  const bytes = machine.memory.of(device_bytes).value;
  const durable = machine.memory.of(durable_bytes).value;
  eachByte(machine, first, nr_pages.get(device), (slot) => {
    if (bytes.get(slot) !== durable.get(slot)) bytes.set(slot, durable.get(slot));
  });
  cleanPages(machine.memory, first, nr_pages.get(device));
});
