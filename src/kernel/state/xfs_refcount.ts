import { type Op, primitive } from '../../machine/primitive.ts';
import { PRIVATE_STRIDE } from '../../machine/primitives/own.ts';
import { deviceExtents } from './extent_table.ts';
import { inode } from './inode.ts';
import { iomap } from './iomap.ts';
import type { InodeId } from './numbers.ts';

/**
 * Cuts what the caller's struct iomap says down to the pages that are like the first in being shared; 1 if that is
 * shared with another file, or with another place in this one (xfs_reflink_trim_around_shared).
 */
export const extent_trim_around_shared: (file: InodeId) => Op<number> = primitive((machine, file) => {
  const map = machine.memory.of(iomap);
  const at = machine.cpu * PRIVATE_STRIDE;
  const used = deviceExtents(machine.memory, machine.memory.of(inode).i_sb.get(file) - 1);
  const block = map.addr.get(at);
  const isShared = (page: number): boolean =>
    used.filter((run) => run.block <= page && page < run.block + run.length).length > 1;
  const shared = isShared(block);
  let length = 1;
  while (length < map.length.get(at) && isShared(block + length) === shared) length++;
  map.length.set(at, length);
  return shared ? 1 : 0;
});
