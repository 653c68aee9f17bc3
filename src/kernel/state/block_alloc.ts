import type { Memory } from '../../machine/memory.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import { dev_dax } from './dax.ts';
import { commitBefore, durable_extent } from './durable.ts';
import { isCow, look } from './extent_map.ts';
import { deviceExtents, readExtents, writeExtents } from './extent_table.ts';
import { inode } from './inode.ts';
import type { DeviceId, InodeId } from './numbers.ts';

/*
 * Which blocks of a device are whose. A file system hands blocks out under a lock of its own, so that it is one step here.
 */

/** Pages that an allocation of a huge page has, and where it begins. */
const HUGE = 512;

interface FreeRun {
  readonly block: number;
  readonly length: number;
}

/** The runs of blocks of a device that are not among `used`, in ascending order. */
function freeRuns(memory: Memory, device: DeviceId, used: readonly FreeRun[]): FreeRun[] {
  const runs: FreeRun[] = [];
  let free = 0;
  for (const { block, length } of [...used].sort((one, other) => one.block - other.block)) {
    if (block > free) runs.push({ block: free, length: block - free });
    free = Math.max(free, block + length);
  }
  const end = memory.of(dev_dax).nr_pages.get(device);
  if (end > free) runs.push({ block: free, length: end - free });
  return runs;
}

/** What is left of a free run behind the first place where a huge page can begin. */
function alignedPart({ block, length }: FreeRun): FreeRun {
  const start = Math.ceil(block / HUGE) * HUGE;
  return { block: start, length: block + length - start };
}

/** The lowest free run of `nr` blocks, huge requests aligned if that can be; else the longest that there is. */
function findFree(runs: readonly FreeRun[], nr: number): FreeRun {
  const aligned = nr >= HUGE ? runs.map(alignedPart) : [];
  const fitting = [...aligned, ...runs].find(({ length }) => length >= nr);
  if (fitting !== undefined) return { block: fitting.block, length: nr };
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), {
    block: 0,
    length: 0,
  });
}

/**
 * Blocks for `nr` pages of a file. What the file gave up itself, and the journal has not committed, is busy: others have it
 * as if a commit had come between, the file only if there is nothing else (xfs_extent_busy; ext4_free_data).
 */
function findBlocks(memory: Memory, file: InodeId, device: DeviceId, nr: number): FreeRun {
  const used = deviceExtents(memory, device);
  const busy = readExtents(memory, durable_extent).filter((extent) => extent.inode === file);
  const found = findFree(freeRuns(memory, device, [...used, ...busy]), nr);
  return found.length < nr ? findFree(freeRuns(memory, device, used), nr) : found;
}

/**
 * Gives up to `nr` pages of a file from page `file_block` on blocks, with EXTENT_ `flags`: the lowest free ones, one behind
 * the other. Fills the caller's struct iomap with them and returns their number, 0 if the device is full
 * (ext4_mb_new_blocks; xfs_bmapi_allocate). What the power takes away if it fails now no longer has them.
 */
export const extent_alloc: (file: InodeId, file_block: number, nr: number, flags: number) => Op<number> =
  primitive((machine, file, file_block, nr, flags) => {
    const device = machine.memory.of(inode).i_sb.get(file) - 1;
    const { block, length } = findBlocks(machine.memory, file, device, nr);
    if (length === 0) return 0;
    commitBefore(machine.memory, device, block, length);
    writeExtents(machine.memory, [
      ...readExtents(machine.memory),
      { inode: file, file_block, length, block, flags },
    ]);
    look(machine, file, file_block, length, isCow(flags));
    return length;
  });
