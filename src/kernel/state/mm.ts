import { defineStruct, type Struct } from '../../machine/field.ts';
import type { FileId, MmId, TableId, Vaddr, VmaId } from './numbers.ts';

type MmField =
  | 'pgd'
  | 'mmap_lock'
  | 'page_table_lock'
  | 'write_protect_seq'
  | 'rss_file'
  | 'rss_anon'
  | 'def_flags'
  | 'flags'
  | 'tlb_flush_pending'
  | 'mm_users';

/** struct mm_struct (include/linux/mm_types.h): one address space. */
export const mm_struct: Struct<MmId, MmField> = defineStruct<MmId, MmField>(
  'mm_struct',
  { doc: 'struct mm_struct, include/linux/mm_types.h', dense: true },
  {
    pgd: { doc: 'top-level page table; 0 once the address space is gone' },
    mmap_lock: { doc: 'rwsem over the VMAs', discipline: 'lock' },
    page_table_lock: { doc: 'guards PUD entries and the upper tables', discipline: 'lock' },
    write_protect_seq: { doc: 'odd while fork write-protects entries; GUP-fast with FOLL_PIN gives up then' },
    rss_file: { doc: 'rss_stat[MM_FILEPAGES], in pages' },
    rss_anon: { doc: 'rss_stat[MM_ANONPAGES], in pages' },
    def_flags: { doc: 'VM_ flags that new VMAs get (mlockall(MCL_FUTURE))' },
    flags: { doc: 'MMF_ flags' },
    tlb_flush_pending: { doc: 'mmu_gathers under way (mm_tlb_flush_nested)' },
    mm_users: { doc: 'threads that run in it; the last one to leave tears it down' },
  },
);

type VmaField =
  | 'vm_mm'
  | 'vm_start'
  | 'vm_end'
  | 'vm_pgoff'
  | 'vm_flags'
  | 'vm_file'
  | 'vm_lock'
  | 'attached'
  | 'anon_vma'
  | 'shared';

/** struct vm_area_struct (include/linux/mm_types.h): one mapping. */
export const vm_area_struct: Struct<VmaId, VmaField> = defineStruct<VmaId, VmaField>(
  'vm_area_struct',
  { doc: 'struct vm_area_struct, include/linux/mm_types.h', dense: true },
  {
    vm_mm: { doc: 'address space that it belongs to; 0 = a free slot' },
    vm_start: { doc: 'first page of the mapping', wide: true },
    vm_end: { doc: 'first page behind the mapping', wide: true },
    vm_pgoff: { doc: 'offset of vm_start within the file, in pages', wide: true },
    vm_flags: { doc: 'VM_ flags' },
    vm_file: { doc: 'open file that it maps' },
    vm_lock: { doc: 'per-VMA lock: a rwsem, only ever tried for reading', discipline: 'lock' },
    anon_vma: { doc: '1 once it may have private pages, which a fork has to copy' },
    attached: { doc: '1 while it is in the tree of its address space (vma_is_attached)' },
    shared: {
      doc: 'shared.rb, place in the i_mmap tree of its file: its turn, from 1, at its page offset; 0 = in none',
    },
  },
);

/** struct file (include/linux/fs.h): one open of a DAX device or of a file. */
export const file: Struct<FileId, 'f_mapping' | 'private_data' | 'f_mode' | 'f_count'> = defineStruct<
  FileId,
  'f_mapping' | 'private_data' | 'f_mode' | 'f_count'
>(
  'file',
  { doc: 'struct file, include/linux/fs.h: one open of a device or file', dense: true },
  {
    f_mapping: { doc: 'address_space of the device or file that it opens; 0 = a free slot' },
    private_data: {
      doc: 'the dev_dax that the driver takes it for, plus 1; 0 = NULL: the device was dead when it was opened',
    },
    f_mode: { doc: 'FMODE_READ and FMODE_WRITE, as opened' },
    f_count: { doc: 'descriptors and VMAs that hold it' },
  },
);

export type { FileId, MmId, TableId, Vaddr, VmaId };
