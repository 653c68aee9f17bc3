import { dev_pagemap_leaf, dev_pagemap_pte } from '#scheme/mm/memory-failure.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { max, put } from '../../../../machine/primitives/own.ts';
import { vma_interval_tree_next } from '../../../state/maple_tree.ts';
import { mm_struct, vm_area_struct } from '../../../state/mm.ts';
import type { MappingId, MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pgd_table, pmd_table, pte_table, pud_table } from '../../../state/pgtable.ts';
import { task_struct } from '../../../state/task_struct.ts';
import { pmd_present, pte_present } from '../../arch/x86/include/asm/pgtable.ts';
import { SIGNAL_SIGBUS } from '../../include/errno.ts';
import { i_mmap_lock_read, i_mmap_unlock_read } from '../../include/fs.ts';
import { HPAGE_PMD_NR, HPAGE_PUD_NR, pgd_slot } from '../../include/pgtable_types.ts';
import { pmd_offset, pud_offset } from '../../include/pgtable_walk.ts';
import { unmap_mapping_range } from '../memory.ts';
import { vma_address } from '../page_vma_mapped.ts';
import { pte_offset_map } from '../pgtable-generic.ts';

/*
 * Who has to hear of a page that failed. Only the running process does, which found the page broken: others hear of it
 * when they touch it, unless they asked for more (PR_MCE_KILL, which is left out).
 */

/**
 * Pages of the largest entry through which process `mm` maps page `pgoff` of a file; 0 if it does not.
 * Linux: mm/memory-failure.c collect_procs_file, collect_procs_fsdax, add_to_kill_anon_file, __add_to_kill (7.2).
 */
export function* collect_procs(mapping: MappingId, pgoff: number, mm: MmId): Op<number> {
  let size = 0;
  yield* i_mmap_lock_read(mapping);
  let vma: VmaId = yield* vma_interval_tree_next(mapping, 0, pgoff, pgoff);
  while (vma !== 0) {
    if ((yield* load(vm_area_struct.vm_mm, vma)) === mm) {
      size = max(size, yield* dev_pagemap_mapping_shift(mm, yield* vma_address(vma, pgoff)));
    }
    vma = yield* vma_interval_tree_next(mapping, vma, pgoff, pgoff);
  }
  yield* i_mmap_unlock_read(mapping);
  return size;
}

/**
 * Pages that the entry of an address maps, 0 if none does, without a lock. Linux has log2 of its bytes.
 * Linux: mm/memory-failure.c dev_pagemap_mapping_shift (7.2).
 */
export function* dev_pagemap_mapping_shift(mm: MmId, address: Vaddr): Op<number> {
  const pgd = yield* load(mm_struct.pgd, mm);
  const p4d = yield* load(pgd_table.entry, pgd_slot(pgd, address));
  if (!pte_present(p4d)) return 0;
  const pud = yield* load(pud_table.entry, pud_offset(p4d, address));
  if (!pmd_present(pud)) return 0;
  if (dev_pagemap_leaf(pud)) return HPAGE_PUD_NR;
  const slot = pmd_offset(pud, address);
  const pmd = yield* load(pmd_table.entry, slot);
  if (!pmd_present(pmd)) return 0;
  if (dev_pagemap_leaf(pmd)) return HPAGE_PMD_NR;
  const pte = yield* pte_offset_map(slot, address);
  return pte !== 0 && dev_pagemap_pte(yield* load(pte_table.entry, pte)) ? 1 : 0;
}

/**
 * Takes away what maps page `index` of a file, in units of `size` pages, and kills who was collected: if anyone was, which
 * `size` says, the running thread gets SIGBUS at the end of its system call.
 * Linux: mm/memory-failure.c unmap_and_kill, kill_procs, kill_proc (7.2).
 */
export function* unmap_and_kill(size: number, mapping: MappingId, index: number): Op {
  if (size === 0) return;
  yield* unmap_mapping_range(mapping, index - (index % size), size, 0);
  put(task_struct.pending, 0, SIGNAL_SIGBUS);
}
