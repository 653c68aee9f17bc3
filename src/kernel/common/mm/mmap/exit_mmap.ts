import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { mas_find, vm_area_free } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId } from '../../../state/numbers.ts';
import { fput } from '../../fs/file.ts';
import { TASK_SIZE } from '../../include/mman.ts';
import {
  mmap_read_lock,
  mmap_read_unlock,
  mmap_write_lock,
  mmap_write_unlock,
  vma_start_write,
} from '../../include/mmap_lock.ts';
import { free_pgtables } from '../memory/free_pgtables.ts';
import { unmap_single_vma } from '../memory.ts';
import { tlb_finish_mmu, tlb_gather_mmu_fullmm } from '../mmu_gather.ts';
import { unlink_file_vma } from '../vma/link.ts';

/**
 * Takes down all mappings of an address space that nobody uses any more. The entries go with the address space held for
 * reading only, so that in between a device page may be mapped by nobody and still be referenced.
 * Linux: mm/mmap.c exit_mmap (7.2). Left out: the OOM killer, accounting.
 */
export function* exit_mmap(mm: MmId): Op {
  yield* mmap_read_lock(mm);
  yield* tlb_gather_mmu_fullmm(mm);
  yield* unmap_vmas(mm);
  yield* mmap_read_unlock(mm);
  yield* mmap_write_lock(mm);
  yield* free_all_pgtables(mm);
  yield* tlb_finish_mmu();
  yield* tear_down_vmas(mm);
  yield* mmap_write_unlock(mm);
}

/** Takes away the entries of all VMAs. Linux: mm/memory.c unmap_vmas (7.2). */
export function* unmap_vmas(mm: MmId): Op {
  let vma = yield* mas_find(mm, 0);
  while (vma !== 0) {
    yield* unmap_single_vma(vma, 0, TASK_SIZE);
    vma = yield* mas_find(mm, yield* load(vm_area_struct.vm_end, vma));
  }
}

/** Frees all page tables but the top one. Linux: mm/memory.c free_pgtables (7.2), its loop over VMAs. */
export function* free_all_pgtables(mm: MmId): Op {
  let vma = yield* mas_find(mm, 0);
  while (vma !== 0) {
    const next = yield* mas_find(mm, yield* load(vm_area_struct.vm_end, vma));
    yield* vma_start_write(vma);
    yield* unlink_file_vma(vma);
    yield* free_pgtables(vma, 0, next === 0 ? 0 : yield* load(vm_area_struct.vm_start, next));
    vma = next;
  }
}

/** Frees all VMAs. Linux: mm/mmap.c tear_down_vmas (7.2); mm/vma.c remove_vma (7.2). */
export function* tear_down_vmas(mm: MmId): Op {
  let vma = yield* mas_find(mm, 0);
  while (vma !== 0) {
    yield* store(vm_area_struct.attached, vma, 0);
    yield* fput(yield* load(vm_area_struct.vm_file, vma));
    yield* vm_area_free(vma);
    vma = yield* mas_find(mm, 0);
  }
}
