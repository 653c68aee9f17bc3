import { dev_dax, dev_pagemap } from '../../kernel/state/dax.ts';
import { initialPageField } from '../../kernel/state/memmap.ts';
import { page } from '../../kernel/state/page.ts';
import type { Untouched } from '../../machine/memory.ts';
import type { SlabMemory } from '../../machine/slabMemory.ts';
import type { Layout } from '../observe/layout.ts';

/**
 * Puts the devices of a test into an empty machine, without their drivers: where they lie, and what their struct pages
 * will be. An access to a struct page that does not exist is answered with what it once was, and reported to `missed`.
 */
export function placeInMemory(memory: SlabMemory, layout: Layout, missed: (pfn: number) => void): void {
  const devices = memory.of(dev_dax);
  for (const { device, firstFrame, frames, alignFrames } of layout.extents) {
    devices.align.set(device, alignFrames);
    devices.start_pfn.set(device, firstFrame);
    devices.nr_pages.set(device, frames);
  }
  const { memmap } = memory.of(dev_pagemap);
  memory.setUntouched(page, freshPages(memory, layout));
  memory.guard(page, {
    refuses: (pfn) => {
      const extent = layout.extentOf(pfn);
      return extent === undefined || memmap.get(extent.device) === 0;
    },
    refused: missed,
  });
}

/**
 * What fresh struct pages hold. Those of small folios are all alike as long as their device keeps them, so that one look
 * a device is enough: a run asks for every field of every page that it touches.
 */
function freshPages(memory: SlabMemory, layout: Layout): Untouched {
  const alike: (Map<string, number> | undefined)[] = [];
  memory.watch(memory.of(dev_pagemap).memmap, (device) => {
    alike[device] = undefined;
  });
  return (field, pfn) => {
    const extent = layout.extentOf(pfn);
    if (extent === undefined) return 0;
    const { device, alignFrames } = extent;
    if (alignFrames > 1) return initialPageField(memory, device, field, pfn);
    const values = alike[device] ?? new Map<string, number>();
    alike[device] = values;
    const known = values.get(field);
    if (known !== undefined) return known;
    const value = initialPageField(memory, device, field, pfn);
    values.set(field, value);
    return value;
  };
}
