import { defineStruct, type Struct } from '../../machine/field.ts';
import { DEVICE_LIMIT } from './memmap.ts';
import type { DeviceId, InodeId } from './numbers.ts';

/** The first number of a file's inode. Below it are the inodes of the DAX devices: device number plus 1. */
export const FIRST_INODE: number = DEVICE_LIMIT + 1;

/** Inodes of files that one machine may have at a time. */
export const INODE_LIMIT = 64;

/** Bit of inode.i_state: what the file system knows of its extents is not durable yet (I_DIRTY_DATASYNC). */
export const I_DIRTY_DATASYNC = 1;
/** The inode is on its way out (I_FREEING): nobody finds it any more; whoever asks for one with a name waits until it is gone. */
export const I_FREEING = 2;

type InodeField =
  | 'i_sb'
  | 'name'
  | 'i_nlink'
  | 'i_count'
  | 'i_rwsem'
  | 'i_data_sem'
  | 'i_size'
  | 'i_disksize'
  | 'i_state';

/** struct inode (include/linux/fs.h) of a file on a DAX file system, with what its file system keeps beside it. */
export const inode: Struct<InodeId, InodeField> = defineStruct<InodeId, InodeField>(
  'inode',
  { doc: 'struct inode, include/linux/fs.h; its number is also that of its address_space', dense: true },
  {
    i_sb: { doc: 'device of its file system, plus 1; 0 = a free number' },
    name: { doc: 'its name in the directory, as a number of the test, plus 1; 0 once unlinked' },
    i_nlink: { doc: 'names that it has: 1 or 0' },
    i_count: { doc: 'open files, and system calls under way, that hold it' },
    i_rwsem: { doc: 'inode_lock: writers and truncation, or any number of readers', discipline: 'lock' },
    i_data_sem: { doc: 'guards its extents (ext4 i_data_sem, xfs i_lock)', discipline: 'lock' },
    i_size: { doc: 'size of the file in bytes', wide: true },
    i_disksize: { doc: 'size that survives a power loss', wide: true },
    i_state: { doc: 'I_ bits' },
  },
);

/** Which file system a device carries; 0 is none. */
export const FS_EXT4 = 1;
export const FS_XFS = 2;

type SuperBlockField = 's_type' | 'rmapbt' | 's_active' | 's_umount' | 's_root_rwsem' | 'shutdown';

/** struct super_block (include/linux/fs.h): the file system on a device. */
export const super_block: Struct<DeviceId, SuperBlockField> = defineStruct<DeviceId, SuperBlockField>(
  'super_block',
  { doc: 'struct super_block, include/linux/fs.h', dense: true },
  {
    s_type: { doc: 'FS_ kind of the file system that is set up; 0 = none' },
    rmapbt: { doc: '1 if it is an xfs with a map from blocks to the files that have them' },
    s_active: { doc: 'mounts that have it' },
    s_root_rwsem: { doc: 'inode_lock of its only directory', discipline: 'lock' },
    s_umount: { doc: 'held for writing by mount and unmount', discipline: 'lock' },
    shutdown: { doc: '1 once the device went away under it: everything answers EIO' },
  },
);

/** struct gendisk (include/linux/blkdev.h): the disk that a pmem device is to whoever mounts it. */
export const gendisk: Struct<DeviceId, 'hashed' | 'node'> = defineStruct<DeviceId, 'hashed' | 'node'>(
  'gendisk',
  { doc: 'struct gendisk, include/linux/blkdev.h', dense: true },
  {
    hashed: { doc: '1 while its block device can be opened' },
    node: { doc: '1 while it has a name in /dev' },
  },
);
