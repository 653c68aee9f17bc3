import { FMODE_READ, FMODE_WRITE } from '../../../src/kernel/common/include/fs.ts';
import {
  MAP_FIXED_NOREPLACE,
  MAP_SHARED,
  PROT_READ,
  PROT_WRITE,
} from '../../../src/kernel/common/include/mman.ts';
import { dev_pagemap } from '../../../src/kernel/state/dax.ts';
import { gup_pages } from '../../../src/kernel/state/gather.ts';
import { follow_page_context } from '../../../src/kernel/state/gup.ts';
import { holder } from '../../../src/kernel/state/holder.ts';
import { page } from '../../../src/kernel/state/page.ts';
import { PRIVATE_STRIDE } from '../../../src/machine/primitives/own.ts';
import { DEVICE_PFN, ModelKernel } from '../mm/modelKernel.ts';

export const PAGE = 4096;
export const RW = PROT_READ | PROT_WRITE;
export const RO = PROT_READ;

/** Address of the first mapping, in bytes: aligned to 1 GiB, as is the device. */
export const AT = 6 * 2 ** 30;

/** What page 0 of the device and those behind it count: read from the head of each page's folio. */
export interface Counts {
  readonly refcount: number;
  readonly pincount: number;
}

/** The model's kernel with processes that map its one device by system calls. */
export class GupKernel extends ModelKernel {
  /** Makes process `mm`, running on CPU `mm - 1`, with the device mapped from its page 0 at `AT`. */
  process(mm: number, length: number, prot = RW): void {
    this.runIn(mm - 1, mm);
    this.mapped(mm, AT, length, prot, 0);
  }

  /** mmap(2) at a given address, which must succeed. */
  mapped(mm: number, address: number, length: number, prot: number, offset: number): void {
    const filp = this.call('dax_open', 0, FMODE_READ | FMODE_WRITE);
    const flags = MAP_SHARED | MAP_FIXED_NOREPLACE;
    const result = this.call('sys_mmap', mm, filp, address, length, prot, flags, offset);
    if (result !== address) throw new Error(`mmap returned ${result}`);
  }

  touch(mm: number, address: number, value = 1): number {
    return this.call('cpu_store', mm, address, value);
  }

  counts(index = 0): Counts {
    const pages = this.machine.memory.of(page);
    const pfn = DEVICE_PFN + index;
    const head = pages.compound_head.get(pfn);
    const folio = head === 0 ? pfn : head - 1;
    return { refcount: pages._refcount.get(folio), pincount: pages._pincount.get(folio) };
  }

  /** Pages (or folios) that a holder has. */
  held(owner: number): number {
    return this.machine.memory.of(holder).pages.get(owner);
  }

  /** Holders that are open. */
  holders(): number {
    const { kind } = this.machine.memory.of(holder);
    return this.machine.memory.touchedIn(holder, 0, 64).filter((owner) => kind.get(owner) !== 0).length;
  }

  pgmapRef(): number {
    return this.machine.memory.of(dev_pagemap).ref.get(0);
  }

  /** Whether a CPU's private words are as before its first call: leftovers would tell equal states apart. */
  leftovers(onCpu: number): number {
    const { memory } = this.machine;
    const pages = memory.of(gup_pages);
    const context = memory.of(follow_page_context);
    const base = onCpu * PRIVATE_STRIDE;
    let sum = context.pgmap.get(base);
    for (let run = 0; run < 64; run++) sum += pages.first.get(base + run) + pages.count.get(base + run);
    return sum;
  }
}
