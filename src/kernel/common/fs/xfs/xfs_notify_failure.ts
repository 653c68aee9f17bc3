import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { div } from '../../../../machine/primitives/own.ts';
import { FILE_PAGES } from '../../../state/address_space.ts';
import { super_block } from '../../../state/inode.ts';
import type { DeviceId, MappingId, MmId } from '../../../state/numbers.ts';
import { xfs_rmap_next } from '../../../state/xfs_rmap.ts';
import { EOPNOTSUPP } from '../../include/errno.ts';
import { mf_dax_kill_procs } from '../../mm/memory-failure.ts';

/**
 * Takes a page that failed away from all files that have it, which only the file system knows if they are several: 0, or
 * -EOPNOTSUPP if it does not know them either, having no map from blocks to files.
 * Linux: fs/xfs/xfs_notify_failure.c xfs_dax_notify_failure, xfs_dax_failure_fn (7.2). Left out: blocks of no file, for
 * which it shuts down; what it does before a device goes (MF_MEM_PRE_REMOVE).
 */
export function* xfs_dax_notify_failure(device: DeviceId, block: number, mm: MmId): Op<number> {
  if (!(yield* load(super_block.rmapbt, device))) return -EOPNOTSUPP;
  let slot = yield* xfs_rmap_next(device, block, 0);
  while (slot !== 0) {
    const mapping: MappingId = div(slot, FILE_PAGES);
    yield* mf_dax_kill_procs(mapping, slot % FILE_PAGES, mm);
    slot = yield* xfs_rmap_next(device, block, slot);
  }
  return 0;
}
