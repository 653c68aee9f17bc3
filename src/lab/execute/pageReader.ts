/** Counts of the folio that a page belongs to, as the kernel has them. */
export interface FolioView {
  /** First page of the folio, counted in 4 KiB pages from the device's first one. */
  readonly first: number;
  /** folio_ref_count. */
  readonly refcount: number;
  /** folio_mapcount. */
  readonly mapcount: number;
  /** folio_pincount: of a large folio its own counter, of a small one the whole 1024s of its refcount. */
  readonly pincount: number;
  readonly order: number;
}

/** The entry of a page table that maps an address. */
export interface EntryView {
  /** 1: PTE · 2: PMD · 3: PUD. */
  readonly level: 1 | 2 | 3;
  /** False while the memory is kept but out of reach (PROT_NONE). */
  readonly present: boolean;
  readonly rw: boolean;
  readonly young: boolean;
  /** Bit 6. */
  readonly dirty: boolean;
  /** Bit 9. */
  readonly special: boolean;
  /** Bit 11. */
  readonly softDirty: boolean;
  /** Bit 57. */
  readonly devmap: boolean;
  /** Bit 58. */
  readonly savedDirty: boolean;
  /** Page frame of the address itself, also inside of a large entry. */
  readonly frame: number;
}

/** The trace of the pages of a device from one on. */
export interface TracedPages {
  readonly first: number;
  readonly trace: Uint8Array;
}

/**
 * Looks into a running kernel from outside of it: nothing that it answers comes from the kernel's own words. Every
 * answer is of the moment of the call. What cannot be read for reasons of the reader is thrown.
 */
export interface PageReader {
  /** Page frame of a device's first page. Devices are counted as they were given to the guest. */
  firstFrame(device: number): number;
  /**
   * Undefined where the page has no struct page: its driver is not bound. `traced` is what a trace gave just before, for who reads
   * very many of its pages.
   */
  folio(device: number, page: number, traced?: TracedPages): FolioView | undefined;
  /** Bytes that are others whenever a count of one of these pages is; undefined where one of them has no struct page. */
  trace(device: number, first: number, count: number): Uint8Array | undefined;
  /** The entry that maps an address of a process; undefined where there is none, or no such process. */
  entry(processId: number, address: number): EntryView | undefined;
  /** Frames that so many pages of a process from an address on are mapped to; all undefined where there is no such process. */
  frames(processId: number, address: number, pages: number): readonly (number | undefined)[];
}
