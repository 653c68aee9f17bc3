import { defineStruct, type Struct } from '../../machine/field.ts';
import type { Pfn } from './numbers.ts';

type PageField =
  | 'flags'
  | '_refcount'
  | '_mapcount'
  | '_entire_mapcount'
  | '_large_mapcount'
  | '_nr_pages_mapped'
  | '_pincount'
  | 'order'
  | 'compound_head'
  | 'mapping'
  | 'index'
  | 'share'
  | 'pgmap';

/** What page.pgmap is on a tail: the kernel keeps compound_head in the same word, which is a dev_pagemap's address no more. */
export const OVERLAID_PGMAP = -1;

/**
 * struct page and struct folio (include/linux/mm_types.h), one object a frame. Where the kernel keeps a count of
 * a large folio in its second page, it stands here with the head.
 */
export const page: Struct<Pfn, PageField> = defineStruct<Pfn, PageField>(
  'page',
  { doc: 'struct page / struct folio, include/linux/mm_types.h' },
  {
    flags: { doc: 'PG_ bits, see memmap.ts' },
    _refcount: { doc: 'references; on a compound page only the head counts, tails are 0' },
    _mapcount: { doc: 'small folio: page-table entries that map it, less 1', initial: -1 },
    _entire_mapcount: { doc: 'large folio: PMD and PUD entries that map all of it, less 1', initial: -1 },
    _large_mapcount: { doc: 'large folio: entries that map any part of it, less 1', initial: -1 },
    _nr_pages_mapped: { doc: 'large folio: pages mapped by PTEs, plus ENTIRELY_MAPPED' },
    _pincount: { doc: 'large folio: pins held through FOLL_PIN' },
    order: { doc: 'log2 of the pages of the folio, on its head' },
    compound_head: { doc: 'on a tail: the frame number of the head, plus 1; else 0', wide: true },
    mapping: { doc: 'address_space that the folio belongs to: its number; 0 is NULL' },
    index: { doc: 'page offset of the folio within that address space', wide: true },
    share: {
      doc: 'files that have the block, if it is shared (the kernel keeps it where index is); devmap: on each page',
    },
    pgmap: {
      doc: 'dev_pagemap that the page belongs to: device number plus 1; 0 is NULL; OVERLAID_PGMAP on a tail',
    },
  },
);
