import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { down_read, down_write, up_read, up_write } from '../../../machine/primitives/locks.ts';
import { address_space } from '../../state/address_space.ts';
import { vma_interval_tree_next } from '../../state/maple_tree.ts';
import { file, vm_area_struct } from '../../state/mm.ts';
import type { MappingId, VmaId } from '../../state/numbers.ts';

/** The last page that a file or a mapping of it may have: ULONG_MAX >> PAGE_SHIFT. */
export const LAST_PGOFF = 4503599627370495;

/** How a file was opened (include/linux/fs.h). */
export const FMODE_READ = 1;
export const FMODE_WRITE = 2;

/** The address_space that a VMA maps: that of its open file. */
export function* vma_mapping(vma: VmaId): Op<MappingId> {
  return yield* load(file.f_mapping, yield* load(vm_area_struct.vm_file, vma));
}

/**
 * Whether any VMA maps a file, be it far behind its end: 1 or 0, without a lock.
 * Linux: include/linux/fs.h mapping_mapped (7.2).
 */
export function* mapping_mapped(mapping: MappingId): Op<number> {
  return (yield* vma_interval_tree_next(mapping, 0, 0, LAST_PGOFF)) === 0 ? 0 : 1;
}

/*
 * The lock of the tree of all VMAs that map a file (i_mmap).
 */

/** Keeps the tree as it is. Linux: include/linux/fs.h i_mmap_lock_read (7.2). */
export function* i_mmap_lock_read(mapping: MappingId): Op {
  yield* down_read(address_space.i_mmap_rwsem, mapping);
}

/** Linux: include/linux/fs.h i_mmap_unlock_read (7.2). */
export function* i_mmap_unlock_read(mapping: MappingId): Op {
  yield* up_read(address_space.i_mmap_rwsem, mapping);
}

/** Keeps everyone else out of the tree. Linux: include/linux/fs.h i_mmap_lock_write (7.2). */
export function* i_mmap_lock_write(mapping: MappingId): Op {
  yield* down_write(address_space.i_mmap_rwsem, mapping);
}

/** Linux: include/linux/fs.h i_mmap_unlock_write (7.2). */
export function* i_mmap_unlock_write(mapping: MappingId): Op {
  yield* up_write(address_space.i_mmap_rwsem, mapping);
}
