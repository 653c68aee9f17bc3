import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { mas_find, vm_area_dup, vma_interval_tree_insert_after } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, VmaId } from '../../../state/numbers.ts';
import { flush_tlb_mm_range, TLB_FLUSH_ALL } from '../../arch/x86/mm/tlb.ts';
import { get_file } from '../../fs/file.ts';
import { i_mmap_lock_write, i_mmap_unlock_write, vma_mapping } from '../../include/fs.ts';
import { mmap_write_lock, mmap_write_unlock, vma_start_write } from '../../include/mmap_lock.ts';
import { VM_DONTCOPY } from '../../include/vm_flags.ts';
import { copy_page_range } from '../memory/copy_page_range.ts';

/**
 * Gives `mm`, which is new, copies of all VMAs of `oldmm` but those marked by MADV_DONTFORK. Page tables are copied
 * only where there are private pages: a fault can bring back all that a device or a shared file maps (vma_needs_copy).
 * Linux: mm/mmap.c dup_mmap (7.2); kernel/fork.c dup_mmap (6.12). Left out: running out of memory.
 */
export function* dup_mmap(mm: MmId, oldmm: MmId): Op {
  yield* mmap_write_lock(oldmm);
  yield* mmap_write_lock(mm);
  let mpnt = yield* mas_find(oldmm, 0);
  while (mpnt !== 0) {
    yield* vma_start_write(mpnt);
    const flags = yield* load(vm_area_struct.vm_flags, mpnt);
    if ((flags & VM_DONTCOPY) === 0) yield* dup_vma(mm, mpnt);
    mpnt = yield* mas_find(oldmm, yield* load(vm_area_struct.vm_end, mpnt));
  }
  yield* mmap_write_unlock(mm);
  yield* flush_tlb_mm_range(oldmm, 0, TLB_FLUSH_ALL);
  yield* mmap_write_unlock(oldmm);
}

/**
 * Gives `mm` a copy of one VMA. Who walks all mappings of the file comes to the copy right after the original.
 * Linux: mm/mmap.c dup_mmap (7.2), its loop.
 */
export function* dup_vma(mm: MmId, mpnt: VmaId): Op {
  const copy = yield* vm_area_dup(mpnt, mm);
  yield* store(vm_area_struct.attached, copy, 1);
  const mapping = yield* vma_mapping(copy);
  yield* get_file(yield* load(vm_area_struct.vm_file, copy));
  yield* i_mmap_lock_write(mapping);
  yield* vma_interval_tree_insert_after(copy, mpnt);
  yield* i_mmap_unlock_write(mapping);
  yield* copy_page_range(copy, mpnt);
}
