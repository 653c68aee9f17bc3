/** Fields of `d[i]`: of the folio that 4 KiB page `i` of a device belongs to. */
export type PageField = 'refcount' | 'mapcount' | 'pincount' | 'order';

/** Fields of `f[i]`: of the page behind page `i` of a file. */
export type FilePageField = PageField | 'present';

/** Fields of `m.pte[i]`: of the entry that maps page `i` of a mapping. */
export type EntryField =
  | 'present'
  | 'rw'
  | 'dirty'
  | 'saved_dirty'
  | 'soft_dirty'
  | 'young'
  | 'devmap'
  | 'special'
  | 'level'
  | 'page';

/** Fields of `d.pgmap`. */
export type PgmapField = 'ref' | 'dying';

/** Fields of a device itself. */
export type DeviceField = 'bound' | 'size';

export const PAGE_FIELDS: Readonly<Record<PageField, string>> = {
  refcount: "the folio's reference count (folio_ref_count)",
  mapcount: 'how many entries map any part of the folio (folio_mapcount)',
  pincount: 'how many pins (FOLL_PIN) the folio holds',
  order: "the folio's order: 0 is 4 KiB, 9 is 2 MiB, 18 is 1 GiB",
};

export const FILE_PAGE_FIELDS: Readonly<Record<FilePageField, string>> = {
  ...PAGE_FIELDS,
  present: '1 when a block backs this page of the file, 0 for a hole',
};

export const ENTRY_FIELDS: Readonly<Record<EntryField, string>> = {
  present: '1 when an entry maps the page',
  rw: 'bit 1: writable',
  dirty: 'bit 6: dirty',
  saved_dirty: 'bit 58: dirty, kept aside for shadow stacks',
  soft_dirty: 'bit 11: soft-dirty',
  young: 'bit 5: accessed',
  devmap: 'bit 57: devmap, the mark of a DAX page without reference counts',
  special: 'bit 9: special, a page that the walkers of page tables leave alone',
  level: '1 for a PTE, 2 for a PMD, 3 for a PUD',
  page: 'the page of the device that the entry maps, counted in 4 KiB pages',
};

export const PGMAP_FIELDS: Readonly<Record<PgmapField, string>> = {
  ref: "references on the device's pgmap beyond its own",
  dying: '1 once the teardown of the pgmap began',
};

export const DEVICE_FIELDS: Readonly<Record<DeviceField, string>> = {
  bound: '1 while a driver holds the device',
  size: 'bytes of the device, as it really is',
};
