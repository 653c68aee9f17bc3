import type { ThreadCalls } from '../agent/threadCalls.ts';

/** What the kernel tells a process of one of its pages, in /proc/self/pagemap. */
export interface PagemapEntry {
  readonly present: boolean;
  /** Bit 55. */
  readonly softDirty: boolean;
  /** Bit 56: nobody else maps the page. */
  readonly exclusive: boolean;
  /** Page frame; 0 where nothing is present. */
  readonly frame: number;
}

const ENTRY_BYTES = 8;
const PAGE = 4096;

/** The entry of an address of the thread's process; a negative errno where there is none to read. */
export async function pagemapEntry(calls: ThreadCalls, address: number): Promise<PagemapEntry | number> {
  const file = await calls.open('/proc/self/pagemap', 0);
  if (file < 0) return file;
  const got = await calls.call(
    'pread64',
    file,
    calls.at(0),
    ENTRY_BYTES,
    Math.floor(address / PAGE) * ENTRY_BYTES,
  );
  const [low, high] = [await calls.get(0, 4), await calls.get(4, 4)];
  await calls.call('close', file);
  if (got < 0) return got;
  const bit = (number: number): boolean => Math.floor(high / 2 ** (number - 32)) % 2 === 1;
  const present = bit(63);
  return {
    present,
    softDirty: bit(55),
    exclusive: bit(56),
    frame: present ? (high % 2 ** 23) * 2 ** 32 + low : 0,
  };
}
