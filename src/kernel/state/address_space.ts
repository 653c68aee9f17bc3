import { defineStruct, type Struct } from '../../machine/field.ts';
import type { IPagesSlot, MappingId } from './numbers.ts';

/**
 * More pages than any file has: a size is an exact number, of bytes below 2 ** 53. Entries of a file's i_pages are numbered
 * `mapping * FILE_PAGES + index`.
 */
export const FILE_PAGES: number = 2 ** 41;

/** struct address_space (include/linux/fs.h): what an inode's pages and mappings share. */
export const address_space: Struct<MappingId, 'i_mmap_rwsem' | 'invalidate_lock' | 'xa_lock' | 'nrpages'> =
  defineStruct<MappingId, 'i_mmap_rwsem' | 'invalidate_lock' | 'xa_lock' | 'nrpages'>(
    'address_space',
    { doc: 'struct address_space, include/linux/fs.h, of a DAX device or of a file', dense: true },
    {
      i_mmap_rwsem: { doc: 'guards the tree of all VMAs that map it', discipline: 'lock' },
      invalidate_lock: {
        doc: 'rwsem: held for reading by faults, for writing by whoever takes pages away',
        discipline: 'lock',
      },
      xa_lock: { doc: 'spinlock of i_pages', discipline: 'lock' },
      nrpages: { doc: 'pages that the entries of i_pages stand for' },
    },
  );

/** Marks of an entry of i_pages (include/linux/fs.h PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_TOWRITE). */
export const PAGECACHE_TAG_DIRTY = 1;
export const PAGECACHE_TAG_TOWRITE = 2;

type SlotField = 'entry' | 'order' | 'marks';

/** The XArray of an address_space: one slot an index. A slot of order 9 stands at its first index alone. */
export const i_pages: Struct<IPagesSlot, SlotField> = defineStruct<IPagesSlot, SlotField>(
  'i_pages',
  { doc: 'address_space.i_pages (struct xarray), the DAX entries of a file' },
  {
    entry: { doc: 'DAX entry: frame number * 16 + DAX_ flags; 0 = none', wide: true },
    order: { doc: 'log2 of the pages that find the entry, be it one of a single page: 0 or 9' },
    marks: { doc: 'PAGECACHE_TAG_ marks' },
  },
);

/** Flags of a DAX entry (fs/dax.c); its frame number stands above them, times DAX_ENTRY_UNIT. */
export const DAX_LOCKED = 1;
export const DAX_PMD = 2;
export const DAX_ZERO_PAGE = 4;
export const DAX_EMPTY = 8;
export const DAX_ENTRY_UNIT = 16;
