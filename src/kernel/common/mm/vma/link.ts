import type { Op } from '../../../../machine/primitive.ts';
import { vma_interval_tree_insert, vma_interval_tree_remove } from '../../../state/maple_tree.ts';
import type { VmaId } from '../../../state/numbers.ts';
import { i_mmap_lock_write, i_mmap_unlock_write, vma_mapping } from '../../include/fs.ts';

/**
 * Shows a VMA to who walks all mappings of its file.
 * Linux: mm/vma.c vma_link_file (7.2).
 */
export function* vma_link_file(vma: VmaId): Op {
  const mapping = yield* vma_mapping(vma);
  yield* i_mmap_lock_write(mapping);
  yield* vma_interval_tree_insert(vma);
  yield* i_mmap_unlock_write(mapping);
}

/**
 * Hides a VMA from who walks all mappings of its file.
 * Linux: mm/vma.c unlink_file_vma_batch_process (7.2). Left out: batching several VMAs under one lock.
 */
export function* unlink_file_vma(vma: VmaId): Op {
  const mapping = yield* vma_mapping(vma);
  yield* i_mmap_lock_write(mapping);
  yield* vma_interval_tree_remove(vma);
  yield* i_mmap_unlock_write(mapping);
}
