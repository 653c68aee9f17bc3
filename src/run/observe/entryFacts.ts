import { VM_WRITE } from '../../kernel/common/include/vm_flags.ts';
import type { dev_pagemap } from '../../kernel/state/dax.ts';
import type { Entry, MmId, Vaddr } from '../../kernel/state/numbers.ts';
import type { EntryFacts } from '../properties/mappedFreePage.ts';
import { frameOf, hasFlag } from './entry.ts';
import { type Layout, NOWHERE } from './layout.ts';
import type { VmaFinder } from './vmaFinder.ts';

/** A leaf and where it stands. */
export interface EntryPlace {
  readonly layout: Layout;
  /** `memmap` of every dev_pagemap: whether a device's struct pages exist, and so whether it has its pages. */
  readonly memmap: (typeof dev_pagemap)['memmap'];
  readonly vmas: VmaFinder;
  readonly mm: MmId;
  readonly address: Vaddr;
  /** 1 = PTE, 2 = PMD, 3 = PUD. */
  readonly level: number;
  readonly entry: Entry;
}

/** What is to be known of a leaf to judge it. */
export function entryFacts({ layout, memmap, vmas, mm, address, level, entry }: EntryPlace): EntryFacts {
  const pfn = frameOf(entry);
  const extent = layout.extentOf(pfn);
  const isOwned = extent !== undefined && memmap.get(extent.device) !== 0;
  const vma = vmas.find(mm, address);
  return {
    owner: isOwned ? extent.device : NOWHERE,
    vmaDevice: vmas.deviceOf(vma),
    deviceIndex: pfn - (extent?.firstFrame ?? 0),
    vmaIndex: vma === 0 ? NOWHERE : vmas.indexAt(vma, address),
    vmaWritable: vma !== 0 && (vmas.flagsOf(vma) & VM_WRITE) !== 0,
    level,
    writable: hasFlag(entry, 'rw'),
    devmap: hasFlag(entry, 'devmap'),
    special: hasFlag(entry, 'special'),
  };
}
