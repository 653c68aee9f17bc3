import type { Memory } from '../../machine/memory.ts';
import { local } from '../../machine/primitive.ts';
import { FIRST_INODE, FS_XFS, inode, super_block } from './inode.ts';
import { file, vm_area_struct } from './mm.ts';
import type { MappingId, VmaId } from './numbers.ts';

/*
 * Whose a VMA is. The kernel keeps a pointer to its owner's functions in the VMA (vm_ops), which never changes while the VMA
 * stands, so that a look at it is no step of its own: whoever has the VMA locked has seen it already.
 */

function mappingOf(memory: Memory, vma: VmaId): MappingId {
  return memory.of(file).f_mapping.get(memory.of(vm_area_struct).vm_file.get(vma));
}

/** 1 if a VMA maps a file of a file system, 0 if it maps a device. */
export const vma_is_file: (vma: VmaId) => number = local((machine, vma) =>
  mappingOf(machine.memory, vma) >= FIRST_INODE ? 1 : 0,
);

/** 1 if a VMA maps a file of xfs. */
export const vma_is_xfs: (vma: VmaId) => number = local((machine, vma) => {
  const { memory } = machine;
  const mapping = mappingOf(memory, vma);
  if (mapping < FIRST_INODE) return 0;
  return memory.of(super_block).s_type.get(memory.of(inode).i_sb.get(mapping) - 1) === FS_XFS ? 1 : 0;
});
