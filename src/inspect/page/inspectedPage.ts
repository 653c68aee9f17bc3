import type { Pfn } from '../memory/addresses.ts';

/** What the folio of a page counts. */
export interface FolioCounts {
  /** Frame of the first page of the folio. */
  readonly headPfn: Pfn;

  /** folio_ref_count: references of the folio. */
  readonly refcount: number;
  /** folio_mapcount: page-table entries that map any part of the folio. */
  readonly mapcount: number;
  /**
   * Pins of the folio (FOLL_PIN). A large folio counts them; in a small one each adds 1024 to the references, so that
   * 1024 references of another kind are taken for a pin, as the kernel does (folio_maybe_dma_pinned).
   */
  readonly pincount: number;
  /** folio_order: the folio has 2^order pages. */
  readonly order: number;
}

/** A struct page as it stood in memory, and the folio that it belongs to. */
export interface InspectedPage extends FolioCounts {
  readonly pfn: Pfn;
  /** A folio of one page, or the first of a large folio, or one of the others. */
  readonly kind: 'small' | 'head' | 'tail';
  /** `_refcount` of this very struct page: of a tail always 0. */
  readonly ownRefcount: number;
  /** `_mapcount` of this very struct page plus one: entries that map this page alone. */
  readonly ownMapcount: number;
  /** What only a large folio counts. */
  readonly large: LargeFolioCounts | undefined;
  /** Names of the flags of the folio that are set. The words of its other pages hold other things. */
  readonly flags: readonly string[];
  /** `mapping` of the folio: an address with flags in its low bits, or 0. */
  readonly mapping: bigint;
  /** `index` of the folio, or what shares its place with it: how many files share a DAX page. */
  readonly index: bigint;
}

export interface LargeFolioCounts {
  /** Entries that map the whole folio: `_entire_mapcount` plus one. */
  readonly entireMapcount: number;
  /** `_large_mapcount` plus one. */
  readonly largeMapcount: number;
  /** `_nr_pages_mapped` as it is: 0x800000 (ENTIRELY_MAPPED) for a mapping of the whole. */
  readonly nrPagesMapped: number;
}
