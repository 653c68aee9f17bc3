import { defineStruct, type Struct } from '../../machine/field.ts';
import type { Memory } from '../../machine/memory.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import { address_space, FILE_PAGES, i_pages } from './address_space.ts';
import { EXTENT_COW } from './extent.ts';
import { type ExtentRecord, readExtents, writeExtents } from './extent_table.ts';
import { FIRST_INODE, I_DIRTY_DATASYNC, inode } from './inode.ts';
import type { DeviceId, ExtentId, InodeId } from './numbers.ts';
import { SLOTS_INODE, slots } from './slots.ts';

/*
 * What the medium says of the files: the extents and sizes that a file system finds when it is mounted after a power
 * loss. A file's come there when it is synced, or when its blocks are handed to another: the journal keeps the order.
 */

type ExtentField = 'inode' | 'file_block' | 'length' | 'block' | 'flags';

/** The extents that a power loss would leave, in the form of struct extent. */
export const durable_extent: Struct<ExtentId, ExtentField> = defineStruct<ExtentId, ExtentField>(
  'durable_extent',
  { doc: 'a run of blocks of a file, as the medium has it', dense: true },
  {
    inode: { doc: 'file that it belongs to; 0 = a free slot' },
    file_block: { doc: 'first page within the file', wide: true },
    length: { doc: 'pages', wide: true },
    block: { doc: 'first page within the device', wide: true },
    flags: { doc: 'EXTENT_ flags' },
  },
);

function isPartOfFile({ flags }: ExtentRecord): boolean {
  return (flags & EXTENT_COW) === 0;
}

/** Calls back on each inode of a device's file system. */
function eachInode(memory: Memory, device: DeviceId, visit: (file: InodeId) => void): void {
  const { i_sb } = memory.of(inode);
  const limit = memory.of(slots).highest.get(SLOTS_INODE);
  for (let file: InodeId = FIRST_INODE; file <= limit; file++) {
    if (i_sb.get(file) === device + 1) visit(file);
  }
}

/** Puts what is known of some files of a device onto the medium: their extents and their sizes. */
function commit(memory: Memory, device: DeviceId, matches: (file: InodeId) => boolean): void {
  const kept = readExtents(memory, durable_extent).filter((extent) => !matches(extent.inode));
  const live = readExtents(memory).filter((extent) => matches(extent.inode) && isPartOfFile(extent));
  writeExtents(memory, [...kept, ...live], durable_extent);
  const { i_size, i_disksize, i_state } = memory.of(inode);
  eachInode(memory, device, (file) => {
    if (!matches(file)) return;
    if (i_disksize.get(file) !== i_size.get(file)) i_disksize.set(file, i_size.get(file));
    const state = i_state.get(file);
    if ((state & I_DIRTY_DATASYNC) !== 0) i_state.set(file, state & ~I_DIRTY_DATASYNC);
  });
}

/**
 * Commits what the journal has before blocks go to another file: they were freed, and that must not be undone by a power
 * loss once somebody else writes to them.
 */
export function commitBefore(memory: Memory, device: DeviceId, block: number, length: number): void {
  const { i_sb } = memory.of(inode);
  const isHere = (file: InodeId): boolean => i_sb.get(file) === device + 1;
  const claims = readExtents(memory, durable_extent).some(
    (extent) => isHere(extent.inode) && extent.block < block + length && block < extent.block + extent.length,
  );
  if (claims) commit(memory, device, isHere);
}

/** Makes the extents and the size of a file durable (ext4_fsync_journal; xfs_log_force_seq). */
export const inode_commit: (file: InodeId) => Op = primitive((machine, file) => {
  const device = machine.memory.of(inode).i_sb.get(file) - 1;
  commit(machine.memory, device, (other) => other === file);
});

/** Takes the files of a device back to what the medium has of them, as a power loss does. */
export const metadata_revert: (device: DeviceId) => Op = primitive((machine, device) => {
  const { memory } = machine;
  const { i_size, i_disksize, i_state, i_sb } = memory.of(inode);
  const isHere = (file: InodeId): boolean => i_sb.get(file) === device + 1;
  const others = readExtents(memory).filter((extent) => !isHere(extent.inode));
  const durable = readExtents(memory, durable_extent).filter((extent) => isHere(extent.inode));
  writeExtents(memory, [...others, ...durable]);
  eachInode(memory, device, (file) => {
    i_size.set(file, i_disksize.get(file));
    i_state.set(file, 0);
  });
});

/** Forgets which pages of the files of a device are in memory, without a look at the pages. */
export const pages_forget: (device: DeviceId) => Op = primitive((machine, device) => {
  const { memory } = machine;
  eachInode(memory, device, (file) => {
    memory.forget(i_pages, file * FILE_PAGES, (file + 1) * FILE_PAGES);
    memory.of(address_space).nrpages.set(file, 0);
  });
});

/** Forgets what the medium has of a file, as the commit of its deletion does. */
export function forgetDurable(memory: Memory, file: InodeId): void {
  const kept = readExtents(memory, durable_extent).filter((extent) => extent.inode !== file);
  writeExtents(memory, kept, durable_extent);
}
