import { dev_pagemap } from '../../kernel/state/dax.ts';
import type { Memory } from '../../machine/memory.ts';
import { hasStructPage } from '../boot/boot.ts';
import type { Layout } from '../observe/layout.ts';

/** Answers whether an object exists: struct pages of a device come and go with its driver, all else is always there. */
export function thereIn(memory: Memory, layout: Layout): (struct: string, index: number) => boolean {
  const { memmap } = memory.of(dev_pagemap);
  return (struct, index) => struct !== 'page' || hasStructPage(layout, memmap, index);
}
