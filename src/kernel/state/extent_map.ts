import type { Machine } from '../../machine/machine.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import { PRIVATE_STRIDE } from '../../machine/primitives/own.ts';
import { EXTENT_COW, EXTENT_UNWRITTEN } from './extent.ts';
import { type ExtentRecord, readExtents, writeExtents } from './extent_table.ts';
import { IOMAP_HOLE, IOMAP_MAPPED, IOMAP_UNWRITTEN, iomap } from './iomap.ts';
import type { InodeId } from './numbers.ts';

/*
 * The extents of files. A file system looks at those of a file, or changes them, under the file's i_data_sem: so each look
 * and each change is one step here.
 */

/** Whether an extent is no part of its file yet. */
export function isCow(flags: number): boolean {
  return (flags & EXTENT_COW) !== 0;
}

/** Cuts extents so that none reaches over page `at` of the file. */
function splitAt(extents: readonly ExtentRecord[], file: InodeId, at: number): ExtentRecord[] {
  return extents.flatMap((extent) => {
    const front = at - extent.file_block;
    if (extent.inode !== file || front <= 0 || front >= extent.length) return [extent];
    return [
      { ...extent, length: front },
      { ...extent, file_block: at, length: extent.length - front, block: extent.block + front },
    ];
  });
}

/** Replaces the extents of pages `[first, first + nr)` of one fork of a file by what `change` makes of each. */
function changeRange(
  machine: Machine,
  file: InodeId,
  first: number,
  nr: number,
  change: (extent: ExtentRecord) => readonly ExtentRecord[],
): void {
  const cut = splitAt(splitAt(readExtents(machine.memory), file, first), file, first + nr);
  const within = (extent: ExtentRecord): boolean =>
    extent.inode === file && extent.file_block >= first && extent.file_block < first + nr;
  writeExtents(
    machine.memory,
    cut.flatMap((extent) => (within(extent) ? change(extent) : [extent])),
  );
}

/** Fills the caller's struct iomap with what the extents of one fork say of pages `[index, index + nr)`; the type. */
export function look(machine: Machine, file: InodeId, index: number, nr: number, cow: boolean): number {
  const map = machine.memory.of(iomap);
  const at = machine.cpu * PRIVATE_STRIDE;
  let length = nr;
  let found: ExtentRecord | undefined;
  for (const extent of readExtents(machine.memory)) {
    if (extent.inode !== file || isCow(extent.flags) !== cow) continue;
    const behind = extent.file_block - index;
    if (behind > 0) length = Math.min(length, behind);
    else if (-behind < extent.length) {
      found = extent;
      length = Math.min(length, extent.length + behind);
    }
  }
  const type =
    found === undefined
      ? IOMAP_HOLE
      : (found.flags & EXTENT_UNWRITTEN) !== 0
        ? IOMAP_UNWRITTEN
        : IOMAP_MAPPED;
  map.type.set(at, type);
  map.offset.set(at, index);
  map.length.set(at, length);
  map.addr.set(at, found === undefined ? 0 : found.block + index - found.file_block);
  return type;
}

/**
 * What pages `[index, index + nr)` of a file are made of, up to where that changes: fills type, offset, length and addr of
 * the caller's struct iomap, and returns the type (ext4_ext_map_blocks; xfs_bmapi_read).
 */
export const extent_lookup: (file: InodeId, index: number, nr: number) => Op<number> = primitive(
  (machine, file, index, nr) => look(machine, file, index, nr, false),
);

/** The same for the blocks that are reserved for copies (xfs_iext_lookup_extent in the fork i_cowfp). */
export const extent_lookup_cow: (file: InodeId, index: number, nr: number) => Op<number> = primitive(
  (machine, file, index, nr) => look(machine, file, index, nr, true),
);

/** Takes `nr` pages of a file from page `first` on out of it; their blocks are free unless another file has them. */
export const extent_remove: (file: InodeId, first: number, nr: number) => Op = primitive(
  (machine, file, first, nr) => {
    changeRange(machine, file, first, nr, (extent) => (isCow(extent.flags) ? [extent] : []));
  },
);

/** Gives up the blocks that are reserved for copies of such pages (xfs_reflink_cancel_cow_blocks). */
export const extent_remove_cow: (file: InodeId, first: number, nr: number) => Op = primitive(
  (machine, file, first, nr) => {
    changeRange(machine, file, first, nr, (extent) => (isCow(extent.flags) ? [] : [extent]));
  },
);

/** Says of such pages that they were written, or with `unwritten` 1 that they read as zeros. */
export const extent_convert: (file: InodeId, first: number, nr: number, unwritten: number) => Op = primitive(
  (machine, file, first, nr, unwritten) => {
    changeRange(machine, file, first, nr, (extent) => [
      { ...extent, flags: (extent.flags & ~EXTENT_UNWRITTEN) | (unwritten !== 0 ? EXTENT_UNWRITTEN : 0) },
    ]);
  },
);

/** Moves all pages of a file from page `first` on by `distance` pages, to where nothing is (ext4_ext_shift_extents). */
export const extent_shift: (file: InodeId, first: number, distance: number) => Op = primitive(
  (machine, file, first, distance) => {
    changeRange(machine, file, first, Number.MAX_SAFE_INTEGER, (extent) => [
      { ...extent, file_block: extent.file_block + distance },
    ]);
  },
);

/** Puts the copies of such pages in the place of what they were copied from (xfs_reflink_end_cow_extent). */
export const extent_remap_cow: (file: InodeId, first: number, nr: number) => Op = primitive(
  (machine, file, first, nr) => {
    const copied = (page: number): boolean =>
      readExtents(machine.memory).some(
        ({ inode: owner, flags, file_block, length }) =>
          owner === file && isCow(flags) && file_block <= page && page < file_block + length,
      );
    const pages = Array.from({ length: nr }, (_, page) => first + page).filter(copied);
    for (const page of pages) {
      changeRange(machine, file, page, 1, (extent) =>
        isCow(extent.flags) ? [{ ...extent, flags: extent.flags & ~EXTENT_COW }] : [],
      );
    }
  },
);

/**
 * Gives pages `[first, first + nr)` of `target`, which has none there, the blocks that `source` has there and that were
 * written (xfs_reflink_remap_extent).
 */
export const extent_share: (target: InodeId, source: InodeId, first: number, nr: number) => Op = primitive(
  (machine, target, source, first, nr) => {
    const shared: ExtentRecord[] = [];
    for (const extent of readExtents(machine.memory)) {
      const start = Math.max(first, extent.file_block);
      const end = Math.min(first + nr, extent.file_block + extent.length);
      if (extent.inode !== source || extent.flags !== 0 || start >= end) continue;
      const block = extent.block + start - extent.file_block;
      shared.push({ ...extent, inode: target, file_block: start, length: end - start, block });
    }
    writeExtents(machine.memory, [...readExtents(machine.memory), ...shared]);
  },
);
