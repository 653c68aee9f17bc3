import type { ThreadCalls } from '../../agent/threadCalls.ts';
import { LabError } from '../../labError.ts';
import { errnoNumber } from '../operations/context.ts';

const O_RDONLY = 0;
const XFS_IOC_FREE_EOFBLOCKS = 0x8080583a;

/** `struct xfs_fs_eofblocks`: its bytes, and where fields are in them. */
const BYTES = 128;
const VERSION = 0;
const FLAGS = 4;
const MIN_FILE_SIZE = 24;

/** Only of files of at least that size, which none has: what belongs to a file that is there stays as it is. */
const XFS_EOF_FLAGS_MINFILESIZE = 16;
const NO_FILES_SIZE = 2 ** 52;

/** Answers of a path where no XFS is mounted, and of one that is shut down: nothing is put off there. */
const NOTHING_TO_AWAIT: readonly number[] = [errnoNumber('ENOTTY'), errnoNumber('EIO')];

/**
 * XFS gives back the blocks of files that are gone in work of its own, some time later; who shared them still does so until
 * then. Waits for that work (xfs_blockgc_free_space() in fs/xfs/xfs_icache.c, which ends with xfs_inodegc_flush()). Rejects with a
 * `LabError` where the kernel will not: what follows would depend on how fast it is.
 */
export async function awaitInactivation(calls: ThreadCalls, path: string): Promise<void> {
  const result = await flush(calls, path);
  if (result < 0 && !NOTHING_TO_AWAIT.includes(result))
    throw new LabError(`the guest cannot wait for what xfs at ${path} has put off (${result})`);
}

/** 0, or a negative errno. */
async function flush(calls: ThreadCalls, path: string): Promise<number> {
  const descriptor = await calls.open(path, O_RDONLY);
  if (descriptor < 0) return descriptor;
  await calls.execute('zero', calls.at(0), BYTES);
  await calls.set(VERSION, 1, 4);
  await calls.set(FLAGS, XFS_EOF_FLAGS_MINFILESIZE, 4);
  await calls.set(MIN_FILE_SIZE, NO_FILES_SIZE);
  const result = await calls.call('ioctl', descriptor, XFS_IOC_FREE_EOFBLOCKS, calls.at(0));
  await calls.call('close', descriptor);
  return result;
}
