import type { Machine } from '../../machine/machine.ts';
import { blocking, type Op, primitive } from '../../machine/primitive.ts';
import { address_space } from './address_space.ts';
import { forgetDurable } from './durable.ts';
import { FIRST_INODE, I_FREEING, INODE_LIMIT, inode } from './inode.ts';
import type { DeviceId, InodeId } from './numbers.ts';
import { SLOTS_INODE, slots } from './slots.ts';

/*
 * The inodes of files. The kernel finds them in trees and hash tables of its own, each look-up under the table's lock.
 */

/** The first inode from `from` on that matches, or 0. */
function firstFrom(machine: Machine, from: InodeId, matches: (file: InodeId) => boolean): InodeId {
  const limit = machine.memory.of(slots).highest.get(SLOTS_INODE);
  for (let file = from; file <= limit; file++) if (matches(file)) return file;
  return 0;
}

/** A new inode of a file system, with one name and no page (ext4_new_inode; xfs_icreate); 0 if there are no more. */
export const inode_alloc: (device: DeviceId, name: number) => Op<InodeId> = primitive(
  (machine, device, name) => {
    const { i_sb, name: names, i_nlink } = machine.memory.of(inode);
    const { highest } = machine.memory.of(slots);
    const free = firstFrom(machine, FIRST_INODE, (file) => i_sb.get(file) === 0);
    const file = free !== 0 ? free : Math.max(FIRST_INODE, highest.get(SLOTS_INODE) + 1);
    if (file >= FIRST_INODE + INODE_LIMIT) return 0;
    if (free === 0) highest.set(SLOTS_INODE, file);
    i_sb.set(file, device + 1);
    names.set(file, name + 1);
    i_nlink.set(file, 1);
    return file;
  },
);

/** The inode that a file system knows by a name, or 0 (d_lookup). */
export const inode_lookup: (device: DeviceId, name: number) => Op<InodeId> = primitive(
  (machine, device, name) => {
    const { i_sb, name: names } = machine.memory.of(inode);
    const matches = (file: InodeId): boolean => i_sb.get(file) === device + 1 && names.get(file) === name + 1;
    return firstFrom(machine, FIRST_INODE, matches);
  },
);

/** The first inode of a file system behind `after` (0: the first one), or 0 (the list s_inodes). */
export const inode_next: (device: DeviceId, after: InodeId) => Op<InodeId> = primitive(
  (machine, device, after) => {
    const { i_sb } = machine.memory.of(inode);
    return firstFrom(machine, Math.max(FIRST_INODE, after + 1), (file) => i_sb.get(file) === device + 1);
  },
);

/** A reference of an inode that a name leads to: 1, or 0 if it is on its way out (find_inode_fast, under i_lock). */
export const inode_get: (file: InodeId) => Op<number> = primitive((machine, file) => {
  const { i_count, i_state } = machine.memory.of(inode);
  if ((i_state.get(file) & I_FREEING) !== 0) return 0;
  i_count.set(file, i_count.get(file) + 1);
  return 1;
});

/** Blocks until an inode is no longer on its way out (__wait_on_freeing_inode). */
export const wait_on_freeing_inode: (file: InodeId) => Op = blocking(
  (machine, file) => (machine.memory.of(inode).i_state.get(file) & I_FREEING) === 0,
);

/**
 * Marks the first inode of a file system behind `after` (0: the first one) that nobody holds, and nobody takes away yet, as one
 * on its way out: its number, or 0 (evict_inodes, under i_lock).
 */
export const inode_take_unused: (device: DeviceId, after: InodeId) => Op<InodeId> = primitive(
  (machine, device, after) => {
    const { i_sb, i_count, i_state } = machine.memory.of(inode);
    const isUnused = (file: InodeId): boolean =>
      i_sb.get(file) === device + 1 && i_count.get(file) === 0 && (i_state.get(file) & I_FREEING) === 0;
    const file = firstFrom(machine, Math.max(FIRST_INODE, after + 1), isUnused);
    if (file !== 0) i_state.set(file, i_state.get(file) | I_FREEING);
    return file;
  },
);

/** The first inode with a name that is on its way out, or 0: those without one are others' (dispose_list). */
export const inode_disposed: (device: DeviceId) => Op<InodeId> = primitive((machine, device) => {
  const { i_sb, name, i_state } = machine.memory.of(inode);
  const isDisposed = (file: InodeId): boolean =>
    i_sb.get(file) === device + 1 && name.get(file) !== 0 && (i_state.get(file) & I_FREEING) !== 0;
  return firstFrom(machine, FIRST_INODE, isDisposed);
});

/** An inode with a name is out of memory: from now on it is read anew, and whoever waited for that goes on (inode_wake_up_bit). */
export const inode_restore: (file: InodeId) => Op = primitive((machine, file) => {
  const { i_state } = machine.memory.of(inode);
  i_state.set(file, i_state.get(file) & ~I_FREEING);
});

/**
 * Drops a reference of an inode; 1 if it was the last one of a file without a name: the caller has to evict it, and nobody
 * else will (atomic_dec_and_lock with iput_final, which decides under i_lock).
 */
export const inode_put: (file: InodeId) => Op<number> = primitive((machine, file) => {
  const { i_count, i_nlink, i_state } = machine.memory.of(inode);
  const count = i_count.get(file) - 1;
  i_count.set(file, count);
  if (count !== 0 || i_nlink.get(file) !== 0) return 0;
  i_state.set(file, i_state.get(file) | I_FREEING);
  return 1;
});

/** Gives the number of an inode back that has no pages and no blocks any more (ext4_free_inode; xfs_ifree). */
export const inode_free: (file: InodeId) => Op = primitive((machine, file) => {
  const { i_sb, name, i_size, i_disksize, i_state } = machine.memory.of(inode);
  for (const field of [name, i_size, i_disksize, i_state, i_sb]) field.set(file, 0);
  machine.memory.of(address_space).nrpages.set(file, 0);
  forgetDurable(machine.memory, file);
  const { highest } = machine.memory.of(slots);
  let limit = highest.get(SLOTS_INODE);
  while (limit >= FIRST_INODE && i_sb.get(limit) === 0) limit--;
  highest.set(SLOTS_INODE, limit < FIRST_INODE ? 0 : limit);
});
