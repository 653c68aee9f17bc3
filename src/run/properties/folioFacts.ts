import type { Pfn } from '../../kernel/state/numbers.ts';

/**
 * What is to be known of a folio to judge it: what its struct page says, and what is really there. However the facts
 * were come by (kept as the run goes, or read out of a state), the properties are the same functions over them.
 */
export interface FolioFacts {
  /** First frame. */
  head: Pfn;
  /** Device that owns it, from 0; -1 while no driver has its memory. */
  owner: number;
  /** Whether it is a block of a file system that no file has. */
  free: boolean;
  /** Whether it belongs to a file system: whose it is, and where in its file, is judged with the file's DAX entries. */
  ofFiles: boolean;

  /** folio_ref_count, folio_mapcount, _pincount, folio_order. */
  refcount: number;
  mapcount: number;
  pincount: number;
  order: number;
  /** mapping (device number plus 1, 0 for NULL) and index, as struct page has them. */
  mapping: number;
  index: number;

  /** Page-table entries that map any part of it. */
  entries: number;
  /** TLB entries that translate to any part of it. */
  translations: number;
  /** References held through FOLL_GET and FOLL_PIN. */
  gets: number;
  pins: number;

  /** What refcount is when nobody uses the folio, and whether entries count in it. */
  idle: number;
  entriesCount: boolean;
  /** What index has to be: the folio's offset within its device, in pages. */
  deviceIndex: number;
}
