import type { FolioFacts } from './folioFacts.ts';

/** What the mapping that an entry stands in maps. */
export type MappedObject =
  /** No mapping covers the address. */
  | { readonly kind: 'nothing' }
  /** A device, from 0, by itself. */
  | { readonly kind: 'device'; readonly device: number }
  | {
      readonly kind: 'file';
      /** `"a"`. */
      readonly name: string;
      /** Whether the file has what the entry maps, there where the mapping has it. */
      readonly hasIt: boolean;
    };

/** An entry of a page table as it is written, and the mapping that it stands in. */
export interface EntryFacts {
  /**
   * What the frame is: a page of a device, zeros for the hole of a file, memory of the process's own (a copy of a page of
   * a file that it maps privately).
   */
  readonly target: 'device' | 'zeros' | 'memory';
  /** Device that the frame lies in and that has an owner, from 0; -1 for none. */
  readonly owner: number;
  /** What the VMA maps. */
  readonly mapped: MappedObject;
  /** Offset of the frame within its device, and the one that the VMA has for this address, in pages. */
  readonly deviceIndex: number;
  readonly vmaIndex: number;
  /** Permission of the VMA to write, and whether what is written goes to the file. */
  readonly vmaWritable: boolean;
  readonly vmaShared: boolean;
  /** 1 = PTE, 2 = PMD, 3 = PUD. */
  readonly level: number;
  readonly writable: boolean;
  readonly devmap: boolean;
  readonly special: boolean;
}

/** `mapped-free-page`: an entry maps what its mapping's device or file has there. Says what is wrong, or null. */
export function mappedFreePage(entry: EntryFacts): string | null {
  const { mapped, target, owner } = entry;
  if (target !== 'device') return mappedMemory(entry);
  if (owner < 0) return 'an entry maps it, and it has no owner';
  switch (mapped.kind) {
    case 'nothing':
      return 'an entry maps it where no mapping is';
    case 'device':
      return mapped.device === owner ? null : 'an entry of a mapping of another device maps it';
    case 'file':
      return mapped.hasIt ? null : `an entry maps it as page ${entry.vmaIndex} of ${mapped.name}`;
  }
}

/** Zeros and private copies stand in mappings of files only, copies in private ones. */
function mappedMemory({ mapped, target, vmaShared }: EntryFacts): string | null {
  const what = target === 'zeros' ? 'it, which is zeros,' : 'it, which is memory of a process,';
  if (mapped.kind !== 'file') return `an entry maps ${what} where no file is mapped`;
  return target === 'memory' && vmaShared
    ? `an entry of a shared mapping of ${mapped.name} maps ${what}`
    : null;
}

/** `mapped-free-page` of a folio: nothing maps it once it has no owner. Says what is wrong, or null. */
export function mappedWithoutOwner(folio: FolioFacts): string | null {
  if (folio.entries === 0) return null;
  if (folio.owner < 0) return 'an entry still maps it, and it has no owner any more';
  return folio.free ? 'an entry still maps it, and no file has it any more' : null;
}

/**
 * `mapped-free-page`, as a file loses a block: no entry maps it as what it was, `former` (`page 0 of "a"`). Says what is
 * wrong, or null.
 */
export function entryOfLostBlock(entry: EntryFacts, former: string): string | null {
  return mappedFreePage(entry) === null ? null : `an entry still maps it, as ${former}, which it was`;
}

/** `mapping-index` of a single entry of device-DAX: it maps the page that the VMA has there. Says what is wrong, or null. */
export function entryIndex(entry: EntryFacts): string | null {
  if (entry.mapped.kind !== 'device') return null;
  return entry.deviceIndex === entry.vmaIndex
    ? null
    : `an entry maps it where the mapping has page ${entry.vmaIndex} of the device`;
}
