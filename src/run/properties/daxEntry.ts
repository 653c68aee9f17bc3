/** A DAX entry, and what the file says of the pages that it stands for. */
export interface DaxEntryFacts {
  /** `"a"`, and the page of the file that the entry begins with. */
  readonly file: string;
  readonly index: number;
  readonly locked: boolean;
  /** Whether it has the mark that says that its pages have to be written back. */
  readonly dirty: boolean;
  /** The first page that the file has elsewhere than the entry says; null if there is none. */
  readonly contradiction: Contradiction | null;
}

export interface Contradiction {
  readonly index: number;
  /** `d[5]`, or `a hole`. */
  readonly says: string;
  readonly has: string;
}

/** `mapping-index` of a DAX entry, at a quiescent point: it agrees with the file. Says what is wrong, or null. */
export function daxEntry(entry: DaxEntryFacts): string | null {
  const name = `the DAX entry ${entry.index} of ${entry.file}`;
  if (entry.locked) return `${name} is locked, and nobody is left to unlock it`;
  if (entry.contradiction === null) return null;
  const { index, says, has } = entry.contradiction;
  return `${name} says that page ${index} is ${says}, and the file has ${has} there`;
}

/** An entry of a page table that maps a page of a file, beside the DAX entry of that page. */
export interface MappedPageFacts {
  /** `"a"`, and the page of it. */
  readonly file: string;
  readonly index: number;
  /** What the entry of the page table maps, and what the DAX entry has there: `d[5]`, `zeros`, `nothing`. */
  readonly maps: string;
  readonly has: string;
  /** Whether it lets its CPU write to the file. */
  readonly writable: boolean;
  readonly dirty: boolean;
}

/**
 * `mapping-index` of an entry of a page table, at a quiescent point: the file has a DAX entry for what is mapped, and
 * knows of it as dirty where somebody may write. Says what is wrong, or null.
 */
export function mappedPage({ file, index, maps, has, writable, dirty }: MappedPageFacts): string | null {
  const page = `page ${index} of ${file}`;
  if (maps !== has) return `an entry maps ${maps} as ${page}, where the DAX entry has ${has}`;
  return writable && !dirty ? `a writable entry maps ${page}, whose DAX entry is not marked dirty` : null;
}

/** What struct page says of whose a folio is, beside the DAX entries that have it. */
export interface AssociationFacts {
  /** Number of the address_space, 0 for NULL; of a folio that several files have, whatever marks it as such. */
  readonly mapping: number;
  readonly index: number;
  readonly share: number;
  /** log2 of its pages. */
  readonly order: number;
  readonly isShared: boolean;
  /** DAX entries that have it. */
  readonly entries: readonly AssociatedEntry[];
}

export interface AssociatedEntry {
  /** Number of the file's address_space, and its name: `"a"`. */
  readonly file: number;
  readonly name: string;
  readonly index: number;
  /** log2 of the pages of a folio that belongs to it. */
  readonly order: number;
}

/**
 * `mapping-index` of a folio of files, at a quiescent point: it knows the file that has it and its place there, or how
 * many files do. Says what is wrong, or null.
 */
export function association(folio: AssociationFacts): string | null {
  const { entries, mapping, index, share, isShared } = folio;
  const [first, second] = entries;
  if (isShared) {
    return share === entries.length
      ? null
      : `its share is ${share}, and ${entries.length} DAX entries have it`;
  }
  if (first === undefined) return mapping === 0 ? null : 'its mapping is a file, and no DAX entry has it';
  const name = `the DAX entry ${first.index} of ${first.name}`;
  if (mapping === 0) return `its mapping is NULL, and ${name} has it`;
  if (second !== undefined) return `its mapping is one file, and ${entries.length} DAX entries have it`;
  if (mapping !== first.file) return `its mapping is another file, and ${name} has it`;
  if (index !== first.index) return `its index is ${index}, and ${name} has it`;
  return folio.order === first.order
    ? null
    : `its order is ${folio.order}, and ${name} has order ${first.order}`;
}
