import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { load_byte, PAGE_SIZE, store_byte_flushcache } from '../../../../machine/primitives/bytes.ts';
import { div, get, WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import { inode } from '../../../state/inode.ts';
import { IOMAP_MAPPED, iomap } from '../../../state/iomap.ts';
import type { InodeId } from '../../../state/numbers.ts';
import { dax_read_lock, dax_read_unlock } from '../../drivers/dax/super.ts';
import { EIO } from '../../include/errno.ts';
import { IOMAP_F_NEW, IOMAP_F_SHARED, IOMAP_WRITE } from '../../include/iomap.ts';
import { invalidate_inode_pages2_range } from '../../mm/truncate.ts';
import { iomap_begin, iomap_end } from '../iomap.ts';
import { inode_device } from '../super.ts';
import { __dax_clear_dirty_range } from './delete.ts';
import { dax_direct_access, dax_iomap_copy_around } from './direct_access.ts';

/**
 * The byte at `pos` of a file, 0 behind its end; or a negative errno. The caller holds i_rwsem.
 * Linux: fs/dax.c dax_iomap_rw (7.2), for reading one byte.
 */
export function* dax_iomap_read(file: InodeId, pos: number): Op<number> {
  const index = div(pos, PAGE_SIZE);
  const error = yield* iomap_begin(file, index, 1, 0);
  if (error) return error;
  const byte = yield* dax_iomap_iter_read(file, pos);
  yield* iomap_end(file, index, 1, 1, 0);
  return byte;
}

/** The same once the file system has said where the byte lies. Linux: fs/dax.c dax_iomap_iter (7.2), for reading. */
export function* dax_iomap_iter_read(file: InodeId, pos: number): Op<number> {
  if (pos >= (yield* load(inode.i_size, file))) return 0;
  if (get(iomap.type, 0) !== IOMAP_MAPPED) return 0;
  const device = yield* inode_device(file);
  yield* dax_read_lock();
  const pfn = yield* dax_direct_access(device, get(iomap.addr, 0), 1);
  const byte = pfn < 0 ? pfn : yield* load_byte(pfn, pos % PAGE_SIZE);
  yield* dax_read_unlock();
  return byte;
}

/**
 * Writes a byte at `pos` of a file: 0 or a negative errno. The caller holds i_rwsem for writing.
 * Linux: fs/dax.c dax_iomap_rw (7.2), for writing one byte.
 */
export function* dax_iomap_write(file: InodeId, pos: number, byte: number): Op<number> {
  const index = div(pos, PAGE_SIZE);
  const error = yield* iomap_begin(file, index, 1, IOMAP_WRITE);
  if (error) return error;
  const failed = yield* dax_iomap_iter_write(file, pos, byte);
  yield* iomap_end(file, index, 1, failed ? 0 : 1, IOMAP_WRITE);
  return failed;
}

/** The same once the file system has said where the byte is to lie. Linux: fs/dax.c dax_iomap_iter (7.2), for writing. */
export function* dax_iomap_iter_write(file: InodeId, pos: number, byte: number): Op<number> {
  const cow = get(iomap.flags, 0) & IOMAP_F_SHARED;
  const strange = get(iomap.type, 0) !== IOMAP_MAPPED && !cow;
  if (WARN_ON_ONCE(strange, 'dax_iomap_iter: no block to write to')) return -EIO;
  if (get(iomap.flags, 0) & IOMAP_F_NEW || cow) yield* dax_iomap_unmap(file, div(pos, PAGE_SIZE), cow);
  const device = yield* inode_device(file);
  yield* dax_read_lock();
  const error = yield* dax_iomap_copy_byte(
    file,
    yield* dax_direct_access(device, get(iomap.addr, 0), 1),
    pos,
    byte,
    cow,
  );
  yield* dax_read_unlock();
  return error;
}

/**
 * Takes away what shows a page of a file as it was before it got this block: zeros, or the block that it was copied from.
 * Linux: fs/dax.c dax_iomap_iter (7.2), its calls of __dax_clear_dirty_range and invalidate_inode_pages2_range.
 */
export function* dax_iomap_unmap(file: InodeId, index: number, cow: number): Op {
  if (cow) yield* __dax_clear_dirty_range(file, index, index);
  yield* invalidate_inode_pages2_range(file, index, index);
}

/**
 * Writes a byte and its cache line back, after the rest of a block that is copied, which stays in the caches: 0 or a negative
 * errno.
 * Linux: fs/dax.c dax_iomap_iter (7.2), its loop; arch/x86/lib/usercopy_64.c __copy_user_flushcache (7.2), for one byte.
 */
export function* dax_iomap_copy_byte(
  file: InodeId,
  pfn: number,
  pos: number,
  byte: number,
  cow: number,
): Op<number> {
  if (pfn < 0) return pfn;
  if (cow) {
    const error = yield* dax_iomap_copy_around(file, pfn, 1);
    if (error) return error;
  }
  yield* store_byte_flushcache(pfn, pos % PAGE_SIZE, byte);
  return 0;
}
