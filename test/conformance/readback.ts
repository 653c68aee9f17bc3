import { VM_EXEC, VM_MAYSHARE, VM_READ, VM_WRITE } from '../../src/kernel/common/include/vm_flags.ts';
import { dev_dax, dev_pagemap } from '../../src/kernel/state/dax.ts';
import { PAGE_MAPPING_DAX_SHARED } from '../../src/kernel/state/dax_folio.ts';
import { ENTRY_UNIT, entryBits } from '../../src/kernel/state/entryBits.ts';
import { mm_struct, vm_area_struct } from '../../src/kernel/state/mm.ts';
import type { DeviceId, MmId, Pfn } from '../../src/kernel/state/numbers.ts';
import { page } from '../../src/kernel/state/page.ts';
import {
  PTRS_PER_TABLE,
  pgd_table,
  pmd_table,
  pte_table,
  pud_table,
} from '../../src/kernel/state/pgtable.ts';
import { SLOTS_VMA, slots } from '../../src/kernel/state/slots.ts';
import type { Memory } from '../../src/machine/memory.ts';
import type { RecordedEntry, RecordedPage } from './recording.ts';

/*
 * Reads a model's memory the way the guest's agent reads a real kernel's: struct pages by their number, page
 * tables by walking them, VMAs one by one. None of the kernel's own functions is used.
 */

const PAGE = 4096;

/** Values of page.mapping that are no file: none, and the mark of a page that several files share. */
const MAPPINGS: ReadonlyMap<number, 'null' | '0x1'> = new Map([
  [0, 'null'],
  [PAGE_MAPPING_DAX_SHARED, '0x1'],
]);

/** struct page `devicePage` of the device, as the agent decodes it; `index` is what the recording calls it. */
export function readPage(memory: Memory, device: DeviceId, devicePage: number, index: number): RecordedPage {
  if (memory.of(dev_pagemap).memmap.get(device) === 0) {
    return { index, kind: null, refcount: null, mapcount: null, unreadable: true };
  }
  const pages = memory.of(page);
  const pfn = memory.of(dev_dax).start_pfn.get(device) + devicePage;
  const above = pages.compound_head.get(pfn);
  const head = above === 0 ? pfn : above - 1;
  const order = pages.order.get(head);
  const mapping = MAPPINGS.get(pages.mapping.get(head)) ?? 'file';
  const refcount = pages._refcount.get(head);
  const pageMapcount = pages._mapcount.get(pfn) + 1;
  if (order === 0) return { index, kind: 'small', refcount, mapcount: pageMapcount, mapping };
  const entireMapcount = pages._entire_mapcount.get(head) + 1;
  return {
    index,
    kind: above === 0 ? 'head' : 'tail',
    refcount,
    mapcount: pageMapcount + entireMapcount,
    ownRefcount: pages._refcount.get(pfn),
    pageMapcount,
    entireMapcount,
    largeMapcount: pages._large_mapcount.get(head) + 1,
    nrPagesMapped: pages._nr_pages_mapped.get(head),
    pincount: pages._pincount.get(head),
    order,
    mapping,
  };
}

/** What a page of a file has in the word for its index in the file, or for the number of files that share it. */
export function readShare(memory: Memory, device: DeviceId, pfn: Pfn): Pick<RecordedPage, 'indexOrShare'> {
  if (memory.of(dev_pagemap).memmap.get(device) === 0) return {};
  const { compound_head, mapping, index, share } = memory.of(page);
  const above = compound_head.get(pfn);
  const head = above === 0 ? pfn : above - 1;
  return { indexOrShare: (MAPPINGS.has(mapping.get(head)) ? share : index).get(head) };
}

/** Which of the named bits a model entry has. */
function bitsOf(entry: number): ReadonlySet<string> {
  const flags = entry % ENTRY_UNIT;
  return new Set(entryBits.filter(({ flag }) => (flags & flag) !== 0).map(({ name }) => name));
}

/** The entry that maps the byte at `address`, or where the walk ends; `pageIn` says what is in a frame. */
export function readEntry(
  memory: Memory,
  mm: MmId,
  address: number,
  pageIn: (frame: number) => Pick<RecordedEntry, 'pfn_index' | 'zero'>,
): Omit<RecordedEntry, 'view' | 'va_offset'> {
  const levels = [
    { level: 'PGD', slot: memory.of(pgd_table).entry, pages: 512 ** 3 },
    { level: 'PUD', slot: memory.of(pud_table).entry, pages: 512 ** 2 },
    { level: 'PMD', slot: memory.of(pmd_table).entry, pages: 512 },
    { level: 'PTE', slot: memory.of(pte_table).entry, pages: 1 },
  ] as const;
  let table = memory.of(mm_struct).pgd.get(mm);
  const number = Math.floor(address / PAGE);
  for (const { level, slot, pages } of levels) {
    if (table === 0) return { level, present: false };
    const entry = slot.get(table * PTRS_PER_TABLE + (Math.floor(number / pages) % PTRS_PER_TABLE));
    const bits = bitsOf(entry);
    if (!bits.has('present') && !bits.has('protnone')) return { level, present: false };
    const frame = Math.floor(entry / ENTRY_UNIT);
    if (level === 'PTE' || bits.has('huge')) {
      return {
        level,
        present: true,
        rw: bits.has('rw'),
        dirty: bits.has('dirty'),
        accessed: bits.has('young'),
        devmap: bits.has('devmap'),
        special: bits.has('special'),
        softdirty: bits.has('soft_dirty'),
        savedDirty: bits.has('saved_dirty'),
        huge: bits.has('huge'),
        ...pageIn(frame + (number % pages)),
      };
    }
    table = frame;
  }
  throw new Error('a page-table walk has four levels');
}

/** A VMA as the agent finds it in smaps; addresses and lengths in bytes. */
export interface ReadVma {
  readonly start: number;
  readonly length: number;
  readonly prot: string;
  readonly pgoff: number;
}

/** The VMAs of an address space, lowest first. */
export function readVmas(memory: Memory, mm: MmId): readonly ReadVma[] {
  const vmas = memory.of(vm_area_struct);
  const found: ReadVma[] = [];
  for (let slot = 1; slot <= memory.of(slots).highest.get(SLOTS_VMA); slot++) {
    if (vmas.vm_mm.get(slot) !== mm || vmas.attached.get(slot) === 0) continue;
    const flags = vmas.vm_flags.get(slot);
    const letter = (flag: number, name: string, without = '-'): string =>
      (flags & flag) === 0 ? without : name;
    found.push({
      start: vmas.vm_start.get(slot) * PAGE,
      length: (vmas.vm_end.get(slot) - vmas.vm_start.get(slot)) * PAGE,
      prot:
        letter(VM_READ, 'r') + letter(VM_WRITE, 'w') + letter(VM_EXEC, 'x') + letter(VM_MAYSHARE, 's', 'p'),
      pgoff: vmas.vm_pgoff.get(slot),
    });
  }
  return found.sort((left, right) => left.start - right.start);
}
