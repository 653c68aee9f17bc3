import { dev_dax, dev_pagemap } from '../../kernel/state/dax.ts';
import { DEVICE_LIMIT, freshPages } from '../../kernel/state/memmap.ts';
import type { Pfn } from '../../kernel/state/numbers.ts';
import { page } from '../../kernel/state/page.ts';
import type { Program } from '../../litmus/index.ts';
import type { Field } from '../../machine/field.ts';
import type { SlabMemory } from '../../machine/slabMemory.ts';
import type { KernelForms } from '../interpreter/kernelForms.ts';
import type { Layout } from '../observe/layout.ts';
import { mountArguments } from '../operations/devices.ts';
import { TestError } from '../operations/testError.ts';

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
    refuses: (pfn) => !hasStructPage(layout, memmap, pfn),
    refused: missed,
  });
}

/** Whether a frame has a struct page: ordinary memory always does, a device's pages while its driver has them. */
export function hasStructPage(layout: Layout, memmap: Field, pfn: Pfn): boolean {
  const extent = layout.extentOf(pfn);
  return extent === undefined ? layout.isMemory(pfn) : memmap.get(extent.device) !== 0;
}

/**
 * Has the drivers take their devices, and mounts the file systems.
 * @throws {TestError} if there are more devices than the model can have
 */
export function bindDevices(program: Program, layout: Layout, kernel: KernelForms): void {
  const surplus = program.devices[DEVICE_LIMIT];
  if (surplus !== undefined)
    throw new TestError(`the model has at most ${DEVICE_LIMIT} devices`, surplus.span);
  for (const { index, kind } of program.devices) {
    if (kind === 'devdax') {
      kernel.run(0, 'device_bind', [index]);
      continue;
    }
    kernel.run(0, 'pmem_attach', [index]);
    kernel.run(0, 'fs_mount', mountArguments(layout, index));
  }
}
