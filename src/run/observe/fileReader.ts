import { VM_SHARED } from '../../kernel/common/include/vm_flags.ts';
import {
  DAX_EMPTY,
  DAX_ENTRY_UNIT,
  DAX_LOCKED,
  DAX_PMD,
  DAX_ZERO_PAGE,
  FILE_PAGES,
  i_pages,
  PAGECACHE_TAG_DIRTY,
} from '../../kernel/state/address_space.ts';
import { PAGE_MAPPING_DAX_SHARED } from '../../kernel/state/dax_folio.ts';
import { FIRST_INODE } from '../../kernel/state/inode.ts';
import type { InodeId, IPagesSlot, Pfn } from '../../kernel/state/numbers.ts';
import { page } from '../../kernel/state/page.ts';
import type { Scheme } from '../../litmus/index.ts';
import type { Memory } from '../../machine/memory.ts';
import type {
  AssociatedEntry,
  AssociationFacts,
  Contradiction,
  DaxEntryFacts,
  MappedPageFacts,
} from '../properties/daxEntry.ts';
import { frameOf, hasFlag } from './entry.ts';
import { targetOf } from './entryFacts.ts';
import { type FileMap, type FilePage, type FrameRun, slotOf } from './fileMap.ts';
import { type Layout, NOWHERE } from './layout.ts';
import type { PlacedLeaf } from './leaves.ts';
import { leafAt } from './pageTable.ts';
import { pagesOfEntry } from './tableMap.ts';
import type { VmaFinder } from './vmaFinder.ts';

export interface FileReaderParts {
  readonly memory: Memory;
  readonly layout: Layout;
  readonly files: FileMap;
  readonly vmas: VmaFinder;
  readonly scheme: Scheme;
}

/** A DAX entry as it stands. */
interface FoundEntry {
  readonly value: number;
  /** First page of the file that finds it, and how many do: 512 may find an entry of a single page. */
  readonly first: number;
  readonly pages: number;
  readonly dirty: boolean;
}

/** log2 of the pages of a huge entry. */
const HUGE_ORDER = 9;

/** Reads the DAX entries of files, beside what files, page tables and struct pages say of the same pages. */
export class FileReader {
  private readonly parts: FileReaderParts;
  private readonly fields: typeof i_pages;

  constructor(parts: FileReaderParts) {
    this.parts = parts;
    this.fields = parts.memory.of(i_pages);
  }

  /** What is to be known of the DAX entry at a slot; null if none stands there. */
  entryAt(slot: IPagesSlot): DaxEntryFacts | null {
    const { files } = this.parts;
    const value = this.fields.entry.get(slot);
    const file = Math.floor(slot / FILE_PAGES);
    if (value === 0 || files.deviceOf(file) < 0) return null;
    const found = this.find({ file, index: slot % FILE_PAGES });
    return {
      file: files.nameOf(file),
      index: found.first,
      locked: (value & DAX_LOCKED) !== 0,
      dirty: found.dirty,
      contradiction: this.contradictionOf(file, found),
    };
  }

  /** The first frame that the DAX entry at a slot stands for; null for a hole. */
  frameAt(slot: IPagesSlot): Pfn | null {
    const value = this.fields.entry.get(slot);
    return value === 0 || hasNoPages(value) ? null : frameOfEntry(value);
  }

  /** All frames that the DAX entry at a slot stands for; none for a hole. */
  framesAt(slot: IPagesSlot): readonly Pfn[] {
    const first = this.frameAt(slot);
    const pages = 2 ** orderOf(this.fields.entry.get(slot));
    return first === null ? [] : Array.from({ length: pages }, (_, page) => first + page);
  }

  /** Entries of page tables that map pages which find the DAX entry at a slot, or where it is missing. */
  *leavesAt(slot: IPagesSlot): Generator<PlacedLeaf> {
    const { memory, vmas } = this.parts;
    const file = Math.floor(slot / FILE_PAGES);
    const { first, pages } = this.find({ file, index: slot % FILE_PAGES });
    for (const mapped of vmas.mappingsOf(file)) {
      const start = mapped.address + Math.max(first - mapped.index, 0);
      const end = mapped.address + Math.min(first + pages - mapped.index, mapped.pages);
      for (let address = start; address < end; ) {
        const leaf = leafAt(memory, mapped.mm, address);
        const step = pagesOfEntry(leaf?.level ?? 1);
        const base = address - (address % step);
        if (leaf !== null) {
          const { entry, level } = leaf;
          yield { mm: mapped.mm, address: base, level, entry, pfn: frameOf(entry), pages: step };
        }
        address = base + step;
      }
    }
  }

  /** What is to be known of a leaf that maps a page of a file; null if it does not. */
  mappedPage({ mm, address, entry, pfn }: PlacedLeaf): MappedPageFacts | null {
    const { layout, files, vmas } = this.parts;
    const vma = vmas.find(mm, address);
    const file = vmas.mappingOf(vma);
    const target = targetOf(layout, pfn);
    if (file < FIRST_INODE || target === 'memory') return null;
    const index = vmas.indexAt(vma, address);
    const found = this.find({ file, index });
    return {
      file: files.nameOf(file),
      index,
      maps: target === 'zeros' ? 'zeros' : layout.nameOf(pfn),
      has: this.textOf(found, index),
      writable: hasFlag(entry, 'rw') && (vmas.flagsOf(vma) & VM_SHARED) !== 0,
      dirty: found.dirty,
    };
  }

  /** What is to be known of whose a folio is, which begins at `head` and has a struct page. */
  associationOf(head: Pfn): AssociationFacts {
    const { memory, files, scheme } = this.parts;
    const { mapping, index, share, order } = memory.of(page);
    const entries = files.runsIn(head, 2 ** order.get(head)).flatMap((run) => this.entriesOf(run));
    const own = mapping.get(head);
    return {
      mapping: own,
      index: index.get(head),
      share: share.get(head),
      order: order.get(head),
      isShared: scheme === 'devmap' ? own === PAGE_MAPPING_DAX_SHARED : own === 0 && share.get(head) !== 0,
      entries,
    };
  }

  /** The DAX entries that have neighbouring frames as what they are to a file. */
  private entriesOf({ file, index, length, pfn }: FrameRun): AssociatedEntry[] {
    const { files, scheme } = this.parts;
    const associated: AssociatedEntry[] = [];
    for (let at = index; at < index + length; ) {
      const found = this.find({ file, index: at });
      const { value, first } = found;
      const entryOrder = orderOf(value);
      if (value !== 0 && !hasNoPages(value) && frameFor(found, at) === pfn + at - index) {
        const order = scheme === 'refcount' ? entryOrder : 0;
        associated.push({ file, name: files.nameOf(file), index: at, order });
      }
      at = entryOrder === 0 ? at + 1 : first + 2 ** entryOrder;
    }
    return associated;
  }

  /** The DAX entry that a page of a file finds. */
  private find({ file, index }: FilePage): FoundEntry {
    const { entry, order, marks } = this.fields;
    const aligned = index - (index % 2 ** HUGE_ORDER);
    const huge = slotOf({ file, index: aligned });
    const first = order.get(huge) !== 0 ? aligned : index;
    const slot = slotOf({ file, index: first });
    return {
      value: entry.get(slot),
      first,
      pages: 2 ** order.get(slot),
      dirty: (marks.get(slot) & PAGECACHE_TAG_DIRTY) !== 0,
    };
  }

  private contradictionOf(file: InodeId, found: FoundEntry): Contradiction | null {
    const { files, layout } = this.parts;
    const { value, first, pages } = found;
    if ((value & DAX_EMPTY) !== 0) return null;
    const isHole = (value & DAX_ZERO_PAGE) !== 0;
    const isOneRun = !isHole && 2 ** orderOf(value) === pages;
    if (isOneRun && files.hasAt(file, first, pages, frameOfEntry(value))) return null;
    for (let index = first; index < first + pages; index++) {
      const { pfn, written } = files.blockAt(file, index);
      const isAgreed = isHole ? !written : pfn === frameFor(found, index);
      if (isAgreed) continue;
      return {
        index,
        says: isHole ? 'a hole' : layout.nameOf(frameFor(found, index)),
        has: pfn === NOWHERE ? 'nothing' : layout.nameOf(pfn),
      };
    }
    return null;
  }

  private textOf(found: FoundEntry, index: number): string {
    if (found.value === 0 || (found.value & DAX_EMPTY) !== 0) return 'nothing';
    if ((found.value & DAX_ZERO_PAGE) !== 0) return 'zeros';
    return this.parts.layout.nameOf(frameFor(found, index));
  }
}

/** Whether a DAX entry stands for a hole, or for a lock alone. */
function hasNoPages(value: number): boolean {
  return (value & (DAX_ZERO_PAGE | DAX_EMPTY)) !== 0;
}

function frameOfEntry(value: number): Pfn {
  return Math.floor(value / DAX_ENTRY_UNIT);
}

/** log2 of the pages that a DAX entry stands for. */
function orderOf(value: number): number {
  return (value & DAX_PMD) !== 0 ? HUGE_ORDER : 0;
}

/** The frame that an entry says a page of the file has: one of a single page says the same of all that find it. */
function frameFor({ value, first }: FoundEntry, index: number): Pfn {
  return frameOfEntry(value) + (orderOf(value) === 0 ? 0 : index - first);
}
