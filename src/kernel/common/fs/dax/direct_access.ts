import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { get } from '../../../../machine/primitives/own.ts';
import { dev_dax } from '../../../state/dax.ts';
import { iomap } from '../../../state/iomap.ts';
import { copy_pages } from '../../../state/medium_copy.ts';
import type { DeviceId, MappingId, Pfn } from '../../../state/numbers.ts';
import { dax_alive, dax_read_lock, dax_read_unlock } from '../../drivers/dax/super.ts';
import { EINVAL, ENXIO } from '../../include/errno.ts';
import { inode_device } from '../super.ts';

/**
 * The frame of `nr` pages of a file's device from `block` on, aligned as one entry that maps them has to be: -ENXIO if the
 * device is gone, -EINVAL if it cannot be mapped so.
 * Linux: fs/dax.c dax_iomap_direct_access (7.2).
 */
export function* dax_iomap_direct_access(mapping: MappingId, block: number, nr: number): Op<Pfn> {
  const device = yield* inode_device(mapping);
  yield* dax_read_lock();
  const pfn = yield* dax_direct_access(device, block, nr);
  yield* dax_read_unlock();
  return pfn >= 0 && pfn % nr !== 0 ? -EINVAL : pfn;
}

/** Linux: drivers/dax/super.c dax_direct_access (7.2). Left out: blocks that went bad. */
export function* dax_direct_access(device: DeviceId, block: number, nr: number): Op<Pfn> {
  if (!(yield* dax_alive(device))) return -ENXIO;
  if (block + nr > (yield* load(dev_dax.nr_pages, device))) return -EINVAL;
  return (yield* load(dev_dax.start_pfn, device)) + block;
}

/**
 * Fills `nr` pages from frame `pfn` on, which a write is about to get for its own, with what the blocks hold that it
 * shared up to now; 0 or a negative errno. The caller's struct iomap says where that is.
 * Linux: fs/dax.c dax_iomap_copy_around (7.2), for whole pages. Left out: bytes that cannot be read.
 */
export function* dax_iomap_copy_around(mapping: MappingId, pfn: Pfn, nr: number): Op<number> {
  const source = get(iomap.srcmap_addr, 0);
  if (source === 0) return 0;
  const from = yield* dax_iomap_direct_access(mapping, source - 1, nr);
  if (from < 0) return from;
  yield* copy_pages(pfn, from, nr);
  return 0;
}
