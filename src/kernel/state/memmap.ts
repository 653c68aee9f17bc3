import type { Memory } from '../../machine/memory.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import { dev_dax, dev_pagemap } from './dax.ts';
import type { DeviceId, Pfn } from './numbers.ts';
import { OVERLAID_PGMAP, page } from './page.ts';

/** Devices that one test may have. */
export const DEVICE_LIMIT = 16;

/** MEMORY_DEVICE_ types (include/linux/memremap.h) that are modelled. */
export const MEMORY_DEVICE_FS_DAX = 3;
export const MEMORY_DEVICE_GENERIC = 4;

/** PG_ bits (include/linux/page-flags.h) that device pages can have; those of copies stand in anon_page.ts, from 128 on. */
export const PG_referenced = 1;
export const PG_dirty = 2;
export const PG_reserved = 4;
export const PG_head = 8;
export const PG_locked = 32;
export const PG_hwpoison = 64;

/** Fields that count from -1. */
const MAPCOUNTS: readonly string[] = ['_mapcount', '_entire_mapcount', '_large_mapcount'];

/** The device whose range contains `pfn`, plus 1; 0 if none does. Devices are at most a handful. */
export function deviceOfPfn(memory: Memory, pfn: Pfn): number {
  const { start_pfn, nr_pages } = memory.of(dev_dax);
  for (let device = 0; device < DEVICE_LIMIT; device++) {
    const start = start_pfn.get(device);
    if (start <= pfn && pfn < start + nr_pages.get(device)) return device + 1;
  }
  return 0;
}

/**
 * What memmap_init_zone_device and memmap_init_compound (mm/mm_init.c) leave in a field of struct page `pfn`.
 * Pages take memory only once they are touched, so a device of 1 TiB costs nothing until then.
 */
export function initialPageField(memory: Memory, device: DeviceId, field: string, pfn: Pfn): number {
  const pgmap = memory.of(dev_pagemap);
  const unit = 2 ** pgmap.vmemmap_shift.get(device);
  const within = (pfn - pgmap.start_pfn.get(device)) % unit;
  const isHead = within === 0;
  switch (field) {
    case 'flags':
      return PG_reserved | (isHead && unit > 1 ? PG_head : 0);
    case '_refcount':
      return isHead ? pgmap.initial_refcount.get(device) : 0;
    case 'order':
      return isHead ? pgmap.vmemmap_shift.get(device) : 0;
    case 'compound_head':
      return isHead ? 0 : pfn - within + 1;
    case 'pgmap':
      return isHead ? device + 1 : OVERLAID_PGMAP;
    default:
      return MAPCOUNTS.includes(field) ? -1 : 0;
  }
}

/** Values of the fields of a fresh struct page, by name: those of a head and those of a tail. */
interface FreshPages {
  readonly start: Pfn;
  readonly unit: number;
  readonly head: ReadonlyMap<string, number>;
  readonly tail: ReadonlyMap<string, number>;
}

/**
 * The rule for struct pages that nobody has touched, as `Memory.setUntouched` takes it. Pages of a device are alike as
 * long as it keeps its memory map, so that one look at each kind serves them all.
 */
export function freshPages(
  memory: Memory,
  deviceOf: (pfn: Pfn) => DeviceId | undefined,
): (field: string, pfn: Pfn) => number {
  const known: (FreshPages | undefined)[] = [];
  memory.watch(memory.of(dev_pagemap).memmap, (device) => {
    known[device] = undefined;
  });
  return (field, pfn) => {
    const device = deviceOf(pfn);
    if (device === undefined) return MAPCOUNTS.includes(field) ? -1 : 0;
    const fresh = known[device] ?? freshPagesOf(memory, device);
    known[device] = fresh;
    const within = (pfn - fresh.start) % fresh.unit;
    if (within === 0) return fresh.head.get(field) ?? 0;
    return field === 'compound_head' ? pfn - within + 1 : (fresh.tail.get(field) ?? 0);
  };
}

function freshPagesOf(memory: Memory, device: DeviceId): FreshPages {
  const pgmap = memory.of(dev_pagemap);
  const start = pgmap.start_pfn.get(device);
  const values = (pfn: Pfn): Map<string, number> =>
    new Map(Object.keys(page).map((field) => [field, initialPageField(memory, device, field, pfn)]));
  return { start, unit: 2 ** pgmap.vmemmap_shift.get(device), head: values(start), tail: values(start + 1) };
}

/** Creates the struct pages of a device, all fresh (arch_add_memory, memmap_init_zone_device). */
export const memmap_init_zone_device: (device: DeviceId) => Op = primitive((machine, device) => {
  const pgmap = machine.memory.of(dev_pagemap);
  pgmap.memmap.set(device, 1);
  const start = pgmap.start_pfn.get(device);
  machine.memory.forget(page, start, start + pgmap.nr_pages.get(device));
});

/** Poisons and frees the struct pages of a device (remove_pfn_range_from_zone, arch_remove_memory). */
export const arch_remove_memory: (device: DeviceId) => Op = primitive((machine, device) => {
  const pgmap = machine.memory.of(dev_pagemap);
  pgmap.memmap.set(device, 0);
  const start = pgmap.start_pfn.get(device);
  machine.memory.forget(page, start, start + pgmap.nr_pages.get(device));
});

/** The pgmap that pgmap_array finds for `pfn`: device number plus 1, or 0 (xa_load). */
export const xa_load_pgmap: (pfn: Pfn) => Op<number> = primitive((machine, pfn) => {
  const pgmap = machine.memory.of(dev_pagemap);
  for (let device = 0; device < DEVICE_LIMIT; device++) {
    if (pgmap.published.get(device) === 0) continue;
    const start = pgmap.start_pfn.get(device);
    if (start <= pfn && pfn < start + pgmap.nr_pages.get(device)) return device + 1;
  }
  return 0;
});

/** Whether the kernel's own mapping of all memory has page `pfn`: a device's comes and goes with its struct pages. */
export const direct_map_has: (pfn: Pfn) => Op<number> = primitive((machine, pfn) => {
  const device = deviceOfPfn(machine.memory, pfn) - 1;
  return device < 0 ? 1 : machine.memory.of(dev_pagemap).memmap.get(device);
});
