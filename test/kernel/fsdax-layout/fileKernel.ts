import type { Scheme } from '../../../src/compile/dialect/source.ts';
import type { KernelThread } from '../../../src/compile/link/thread.ts';
import { DAXDEV_ALIVE } from '../../../src/kernel/common/drivers/dax/super.ts';
import {
  address_space,
  DAX_LOCKED,
  DAX_PMD,
  FILE_PAGES,
  i_pages,
} from '../../../src/kernel/state/address_space.ts';
import { dax_device, dev_dax, dev_pagemap } from '../../../src/kernel/state/dax.ts';
import { FIRST_INODE } from '../../../src/kernel/state/inode.ts';
import { MEMORY_DEVICE_FS_DAX, PG_head } from '../../../src/kernel/state/memmap.ts';
import { file, mm_struct, vm_area_struct } from '../../../src/kernel/state/mm.ts';
import { page } from '../../../src/kernel/state/page.ts';
import { PTRS_PER_TABLE, pmd_table, ptdesc, pte_table } from '../../../src/kernel/state/pgtable.ts';
import { DEVICE_PFN, ModelKernel } from '../mm/modelKernel.ts';

/** First frame of the device that has files. */
export const FILES_PFN = DEVICE_PFN + 8 * 262144;

/** Number of the only file. */
export const FILE = FIRST_INODE;

/** Flags of a leaf: present, rw, user, young, dirty. */
const USED = 1 + 2 + 4 + 8 + 16;
const HUGE = 32;
/** What devmap entries have besides: special and devmap at the level of 4 KiB, devmap above. */
const DEVMAP_PTE = 128 + 512;
const DEVMAP_PMD = 512;

/**
 * A machine with a file whose entries and mappings are made by hand, as a fault would leave them: what is under test is
 * how they go. Its pages lie on the device in the file's order.
 */
export class FileKernel extends ModelKernel {
  constructor(scheme: Scheme, cpus = 4) {
    super(scheme, 1, cpus);
    const { memory } = this.machine;
    const device = memory.of(dev_dax);
    device.align.set(1, 1);
    device.start_pfn.set(1, FILES_PFN);
    device.nr_pages.set(1, 8192);
    const pgmap = memory.of(dev_pagemap);
    pgmap.type.set(1, MEMORY_DEVICE_FS_DAX);
    pgmap.start_pfn.set(1, FILES_PFN);
    pgmap.nr_pages.set(1, 8192);
    this.call('memremap_pages', 1);
    memory.of(dax_device).flags.set(1, DAXDEV_ALIVE);
    memory.of(file).f_mapping.set(2, FILE);
  }

  /** References of a page that nobody maps or holds. */
  get idle(): number {
    return this.scheme === 'devmap' ? 1 : 0;
  }

  /** Maps pages `[pgoff, pgoff + nr)` of the file at page `at` of a process, with no entries yet; the VMA. */
  mapFile(mm: number, at: number, nr: number, pgoff = 0): number {
    const vma = this.map(mm, at, at + nr, undefined, pgoff);
    const vmas = this.machine.memory.of(vm_area_struct);
    vmas.vm_file.set(vma, 2);
    vmas.shared.set(vma, vma);
    return vma;
  }

  /** Gives page `index` of the file an entry, as a fault leaves it: unlocked. */
  addEntry(index: number, marks = 0): void {
    const pages = this.machine.memory.of(page);
    pages.mapping.set(FILES_PFN + index, FILE);
    pages.index.set(FILES_PFN + index, index);
    this.setEntry(index, (FILES_PFN + index) * 16, marks, 1);
  }

  /** The same of a huge page, which under refcount is one folio. */
  addHugeEntry(index: number, marks = 0): void {
    const pages = this.machine.memory.of(page);
    const head = FILES_PFN + index;
    for (let at = head; at < head + 512; at++) {
      if (this.scheme === 'devmap' || at === head) {
        pages.mapping.set(at, FILE);
        pages.index.set(at, index + at - head);
      } else pages.compound_head.set(at, head + 1);
    }
    if (this.scheme === 'refcount') {
      pages.order.set(head, 9);
      pages.flags.set(head, pages.flags.get(head) | PG_head);
    }
    this.setEntry(index, head * 16 + DAX_PMD, marks, 512);
  }

  private setEntry(index: number, entry: number, marks: number, nr: number): void {
    const { memory } = this.machine;
    memory.of(i_pages).entry.set(FILE * FILE_PAGES + index, entry);
    memory.of(i_pages).order.set(FILE * FILE_PAGES + index, Math.log2(nr));
    memory.of(i_pages).marks.set(FILE * FILE_PAGES + index, marks);
    const { nrpages } = memory.of(address_space);
    nrpages.set(FILE, nrpages.get(FILE) + nr);
  }

  entry(index: number): number {
    return this.machine.memory.of(i_pages).entry.get(FILE * FILE_PAGES + index);
  }

  marks(index: number): number {
    return this.machine.memory.of(i_pages).marks.get(FILE * FILE_PAGES + index);
  }

  get nrpages(): number {
    return this.machine.memory.of(address_space).nrpages.get(FILE);
  }

  lockEntry(index: number): void {
    this.machine.memory.of(i_pages).entry.set(FILE * FILE_PAGES + index, this.entry(index) + DAX_LOCKED);
  }

  /** Unlocks an entry as the fault that locked it does, waking who waits. */
  unlockEntry(index: number): void {
    this.call('dax_unlock_entry', FILE, index, this.entry(index) - DAX_LOCKED);
  }

  /** Puts in the PTE of page `index` of the file, dirty and writable, as a write fault leaves it. */
  mapPage(mm: number, at: number, index: number): void {
    const { memory } = this.machine;
    const slot = this.call('get_locked_pte', mm, at);
    const flags = USED + (this.scheme === 'devmap' ? DEVMAP_PTE : 0);
    memory.of(pte_table).entry.set(slot, (FILES_PFN + index) * 4096 + flags);
    memory.of(ptdesc).ptl.set(Math.floor(slot / PTRS_PER_TABLE), 0);
    if (this.scheme === 'refcount') this.count(index, 1, mm);
  }

  private count(index: number, by: number, mm: number): void {
    const pages = this.machine.memory.of(page);
    const pfn = FILES_PFN + index;
    const { rss_file } = this.machine.memory.of(mm_struct);
    pages._refcount.set(pfn, pages._refcount.get(pfn) + by);
    pages._mapcount.set(pfn, pages._mapcount.get(pfn) + by);
    rss_file.set(mm, rss_file.get(mm) + by);
  }

  /** Puts in a PMD leaf of the huge page that begins at page `index` of the file. */
  mapHugePage(mm: number, at: number, index: number): void {
    const { memory } = this.machine;
    const slot = this.call('pmd_alloc', mm, this.call('pud_alloc', mm, at), at);
    const flags = USED + HUGE + (this.scheme === 'devmap' ? DEVMAP_PMD : 0);
    memory.of(pmd_table).entry.set(slot, (FILES_PFN + index) * 4096 + flags);
    if (this.scheme === 'refcount') {
      this.call('folio_get', FILES_PFN + index);
      this.call('folio_add_file_rmap_pmd', FILES_PFN + index);
      this.call('add_mm_counter', mm, 512);
    }
  }

  /** A reference such as a pipe keeps, on the page itself. */
  hold(index: number): void {
    this.call('folio_get', this.folio(index));
  }

  drop(index: number): void {
    this.call('put_page', FILES_PFN + index);
  }

  folio(index: number): number {
    const head = this.machine.memory.of(page).compound_head.get(FILES_PFN + index);
    return head === 0 ? FILES_PFN + index : head - 1;
  }

  refcount(index: number): number {
    return this.machine.memory.of(page)._refcount.get(this.folio(index));
  }

  mapping(index: number): number {
    return this.machine.memory.of(page).mapping.get(FILES_PFN + index);
  }

  order(index: number): number {
    return this.machine.memory.of(page).order.get(this.folio(index));
  }

  /** Who truncates holds this one; it is taken here, since no file system is. */
  lockOutFaults(): void {
    this.machine.memory.of(address_space).invalidate_lock.set(FILE, -1);
  }

  /** 1 while faults are kept out. */
  get faultsLockedOut(): boolean {
    return this.machine.memory.of(address_space).invalidate_lock.get(FILE) === -1;
  }
}

/** Runs a thread as far as it goes by itself: to its end, or to where it waits. */
export function advance(thread: KernelThread): void {
  for (let attempts = 0; !thread.done && attempts < 100_000; attempts++) {
    thread.step();
    if (thread.blocked) return;
  }
  if (!thread.done) throw new Error('the thread goes round for ever');
}
