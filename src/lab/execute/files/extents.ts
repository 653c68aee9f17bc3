import type { ThreadCalls } from '../../agent/threadCalls.ts';

/** Pages of a file that lie one behind the other on its device; all counted in 4 KiB pages. */
export interface Extent {
  readonly filePage: number;
  readonly devicePage: number;
  readonly pages: number;
}

const PAGE = 4096;
const O_RDONLY = 0;
const FS_IOC_FIEMAP = 0xc020660b;

/** Bytes of `struct fiemap` and of each `struct fiemap_extent` behind it, and where fields are in them. */
const HEADER = 32;
const EXTENT = 56;
const LENGTH = 8;
const MAPPED_EXTENTS = 20;
const EXTENT_COUNT = 24;
const PHYSICAL = 8;
const EXTENT_LENGTH = 16;
const FLAGS = 40;

/** The last extent of the file. */
const FIEMAP_EXTENT_LAST = 1;

/** Extents asked for at once: what the thread's memory has room for. */
const AT_ONCE = 32;

/** Bytes: beyond every file. */
const EVERYTHING = 2 ** 52;

/**
 * The blocks behind a file as its file system tells them, holes left out; null when there is no such file. Nothing
 * is written back for it.
 */
export async function extentsOf(calls: ThreadCalls, path: string): Promise<readonly Extent[] | null> {
  const descriptor = await calls.open(path, O_RDONLY);
  if (descriptor < 0) return null;
  const extents: Extent[] = [];
  let from = 0;
  while (from < EVERYTHING) {
    await calls.set(0, from);
    await calls.set(LENGTH, EVERYTHING - from);
    await calls.set(LENGTH + 8, 0);
    await calls.set(EXTENT_COUNT, AT_ONCE);
    if ((await calls.call('ioctl', descriptor, FS_IOC_FIEMAP, calls.at(0))) < 0) break;
    const count = await calls.get(MAPPED_EXTENTS, 4);
    if (count === 0) break;
    for (let index = 0; index < count; index++) {
      const at = HEADER + index * EXTENT;
      const logical = await calls.get(at, 8);
      const bytes = await calls.get(at + EXTENT_LENGTH, 8);
      const physical = await calls.get(at + PHYSICAL, 8);
      extents.push({ filePage: logical / PAGE, devicePage: physical / PAGE, pages: bytes / PAGE });
      from = (await calls.get(at + FLAGS, 4)) % 2 === FIEMAP_EXTENT_LAST ? EVERYTHING : logical + bytes;
    }
  }
  await calls.call('close', descriptor);
  return extents;
}
