import type { FolioFacts } from './folioFacts.ts';

/** An entry of a page table as it is written, and the mapping that it stands in. */
export interface EntryFacts {
  /** Device that the frame lies in and that has an owner, from 0; -1 for none. */
  readonly owner: number;
  /** Device that the VMA maps; -1 when no VMA covers the address. */
  readonly vmaDevice: number;
  /** Offset of the frame within its device, and the one that the VMA has for this address, in pages. */
  readonly deviceIndex: number;
  readonly vmaIndex: number;
  /** Permission of the VMA to write. */
  readonly vmaWritable: boolean;
  /** 1 = PTE, 2 = PMD, 3 = PUD. */
  readonly level: number;
  readonly writable: boolean;
  readonly devmap: boolean;
  readonly special: boolean;
}

/** `mapped-free-page`: an entry maps a page of its mapping's device, which has an owner. Says what is wrong, or null. */
export function mappedFreePage(entry: EntryFacts): string | null {
  if (entry.owner < 0) return 'an entry maps it, and it has no owner';
  if (entry.vmaDevice < 0) return 'an entry maps it where no mapping is';
  if (entry.vmaDevice !== entry.owner) return 'an entry of a mapping of another device maps it';
  return null;
}

/** `mapped-free-page` of a folio: nothing maps it once it has no owner. Says what is wrong, or null. */
export function mappedWithoutOwner(folio: FolioFacts): string | null {
  return folio.owner < 0 && folio.entries > 0 ? 'an entry still maps it, and it has no owner any more' : null;
}

/** `mapping-index` of a single entry: it maps the page that the VMA has there. Says what is wrong, or null. */
export function entryIndex(entry: EntryFacts): string | null {
  return entry.deviceIndex === entry.vmaIndex
    ? null
    : `an entry maps it where the mapping has page ${entry.vmaIndex} of the device`;
}
