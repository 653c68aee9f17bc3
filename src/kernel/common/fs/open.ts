import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div, get } from '../../../machine/primitives/own.ts';
import { inode_commit } from '../../state/durable.ts';
import { alloc_empty_file } from '../../state/file_table.ts';
import { inode } from '../../state/inode.ts';
import { iomap } from '../../state/iomap.ts';
import { mnt_get } from '../../state/mount.ts';
import type { DeviceId, InodeId } from '../../state/numbers.ts';
import { EFBIG, ENOENT } from '../include/errno.ts';
import { O_CREAT } from '../include/fcntl.ts';
import { IOMAP_WRITE } from '../include/iomap.ts';
import { exceeds_maxbytes } from './file_size.ts';
import { inode_lock, inode_unlock } from './inode_lock.ts';
import { iput } from './inode_release.ts';
import { iomap_begin, iomap_end } from './iomap.ts';
import { directory_lock, directory_unlock, inode_status, lookup_open } from './namei.ts';
import { mntput } from './namespace.ts';

/**
 * open(2) of file `name` on the file system of a device, with O_ `flags` and FMODE_ `mode`: the open file, or a negative
 * errno. A file of 0 bytes, as a new one is, gets `size` bytes unless that is -1: all of them written, zero and durable, as
 * write(2) and fsync(2) would leave it.
 * Linux: fs/open.c do_sys_openat2 (7.2); fs/namei.c path_openat (7.2).
 */
export function* sys_open(
  device: DeviceId,
  name: number,
  flags: number,
  size: number,
  mode: number,
): Op<number> {
  if (!(yield* mnt_get(device))) return -ENOENT;
  const file = yield* path_open(device, name, flags & O_CREAT, size);
  if (file >= 0) return yield* alloc_empty_file(file, mode, 0);
  yield* mntput(device);
  return file;
}

/** The inode to open, with a reference, or a negative errno. Linux: fs/namei.c open_last_lookups (7.2). */
export function* path_open(device: DeviceId, name: number, create: number, size: number): Op<number> {
  yield* directory_lock(device);
  const file = yield* lookup_open(device, name, create);
  yield* directory_unlock(device);
  if (file < 0) return file;
  const error = yield* file_open(file, create ? size : -1);
  if (error === 0) return file;
  yield* iput(file);
  return error;
}

/**
 * Lets an inode be opened: 0 or a negative errno. With `size` above 0 an empty file gets so many bytes.
 * Linux: fs/ext4/file.c ext4_file_open (7.2); fs/xfs/xfs_file.c xfs_file_open (7.2).
 */
export function* file_open(file: InodeId, size: number): Op<number> {
  const status = yield* inode_status(file);
  if (status) return status;
  return size > 0 ? yield* file_prepare(file, size) : 0;
}

/**
 * Gives an empty file `size` bytes of zeros that a power loss does not take away; leaves another as it is. 0 or a negative errno.
 */
export function* file_prepare(file: InodeId, size: number): Op<number> {
  if (yield* exceeds_maxbytes(file, size)) return -EFBIG;
  yield* inode_lock(file);
  const error = (yield* load(inode.i_size, file)) === 0 ? yield* file_fill(file, size) : 0;
  yield* inode_unlock(file);
  return error;
}

/** The same for an empty file that the caller has locked. */
export function* file_fill(file: InodeId, size: number): Op<number> {
  const pages = div(size + PAGE_SIZE - 1, PAGE_SIZE);
  let index = 0;
  let error = 0;
  while (index < pages && error === 0) {
    error = yield* iomap_begin(file, index, pages - index, IOMAP_WRITE);
    const done = get(iomap.length, 0);
    yield* iomap_end(file, index, pages - index, error ? 0 : done, IOMAP_WRITE);
    index += done;
  }
  if (error) return error;
  yield* store(inode.i_size, file, size);
  yield* inode_commit(file);
  return 0;
}
