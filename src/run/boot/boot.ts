import { dev_dax, dev_pagemap } from '../../kernel/state/dax.ts';
import { freshPages } from '../../kernel/state/memmap.ts';
import { page } from '../../kernel/state/page.ts';
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
  memory.setUntouched(
    page,
    freshPages(memory, (pfn) => layout.extentOf(pfn)?.device),
  );
  memory.guard(page, {
    refuses: (pfn) => {
      const extent = layout.extentOf(pfn);
      return extent === undefined || memmap.get(extent.device) === 0;
    },
    refused: missed,
  });
}
