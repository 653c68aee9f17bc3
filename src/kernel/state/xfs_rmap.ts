import { type Op, primitive } from '../../machine/primitive.ts';
import { FILE_PAGES } from './address_space.ts';
import { EXTENT_COW } from './extent.ts';
import { readExtents } from './extent_table.ts';
import { inode } from './inode.ts';
import type { DeviceId, IPagesSlot } from './numbers.ts';

/**
 * Who has a block of a device: the next file and page behind `after` (0: the first), as an i_pages slot; 0 if there is no
 * further one (xfs_rmap_query_range, under the lock of the tree).
 */
export const xfs_rmap_next: (device: DeviceId, block: number, after: IPagesSlot) => Op<IPagesSlot> =
  primitive((machine, device, block, after) => {
    const { i_sb } = machine.memory.of(inode);
    let next = 0;
    for (const extent of readExtents(machine.memory)) {
      if (i_sb.get(extent.inode) !== device + 1 || (extent.flags & EXTENT_COW) !== 0) continue;
      if (block < extent.block || block >= extent.block + extent.length) continue;
      const slot = extent.inode * FILE_PAGES + extent.file_block + block - extent.block;
      if (slot > after && (next === 0 || slot < next)) next = slot;
    }
    return next;
  });
