import { VM_SHARED, VM_WRITE } from '../../kernel/common/include/vm_flags.ts';
import type { dev_pagemap } from '../../kernel/state/dax.ts';
import { FIRST_INODE } from '../../kernel/state/inode.ts';
import type { Entry, MmId, Pfn, Vaddr, VmaId } from '../../kernel/state/numbers.ts';
import type { EntryFacts, MappedObject } from '../properties/mappedFreePage.ts';
import { frameOf, hasFlag } from './entry.ts';
import type { FileMap } from './fileMap.ts';
import { type Layout, NOWHERE } from './layout.ts';
import { pagesOfEntry } from './tableMap.ts';
import type { VmaFinder } from './vmaFinder.ts';

/** A leaf and where it stands. */
export interface EntryPlace {
  readonly layout: Layout;
  /** `memmap` of every dev_pagemap: whether a device's struct pages exist, and so whether it has its pages. */
  readonly memmap: (typeof dev_pagemap)['memmap'];
  readonly files: FileMap;
  readonly vmas: VmaFinder;
  readonly mm: MmId;
  readonly address: Vaddr;
  /** 1 = PTE, 2 = PMD, 3 = PUD. */
  readonly level: number;
  readonly entry: Entry;
}

/** Below FIRST_INODE, an address_space is that of a device, whose number is one less. */
const isDevice = (mapping: number): boolean => mapping < FIRST_INODE;

/** What is to be known of a leaf to judge it. */
export function entryFacts(place: EntryPlace): EntryFacts {
  const { layout, memmap, vmas, mm, address, level, entry } = place;
  const pfn = frameOf(entry);
  const extent = layout.extentOf(pfn);
  const isOwned = extent !== undefined && memmap.get(extent.device) !== 0;
  const vma = vmas.find(mm, address);
  const flags = vma === 0 ? 0 : vmas.flagsOf(vma);
  return {
    target: targetOf(layout, pfn),
    owner: isOwned ? extent.device : NOWHERE,
    mapped: mappedBy(place, vma, pfn),
    deviceIndex: pfn - (extent?.firstFrame ?? 0),
    vmaIndex: vma === 0 ? NOWHERE : vmas.indexAt(vma, address),
    vmaWritable: (flags & VM_WRITE) !== 0,
    vmaShared: (flags & VM_SHARED) !== 0,
    level,
    writable: hasFlag(entry, 'rw'),
    devmap: hasFlag(entry, 'devmap'),
    special: hasFlag(entry, 'special'),
  };
}

/** What a frame is that an entry maps. */
export function targetOf(layout: Layout, pfn: Pfn): EntryFacts['target'] {
  if (!layout.isMemory(pfn)) return 'device';
  return layout.isZeros(pfn) ? 'zeros' : 'memory';
}

function mappedBy({ files, vmas, address, level }: EntryPlace, vma: VmaId, pfn: Pfn): MappedObject {
  const mapping = vmas.mappingOf(vma);
  if (mapping === 0) return { kind: 'nothing' };
  if (isDevice(mapping)) return { kind: 'device', device: mapping - 1 };
  const hasIt = files.hasAt(mapping, vmas.indexAt(vma, address), pagesOfEntry(level), pfn);
  return { kind: 'file', name: files.nameOf(mapping), hasIt };
}
