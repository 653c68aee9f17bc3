import { dev_dax } from '../../src/kernel/state/dax.ts';
import { EXTENT_COW } from '../../src/kernel/state/extent.ts';
import { readExtents } from '../../src/kernel/state/extent_table.ts';
import { FIRST_INODE, INODE_LIMIT, inode } from '../../src/kernel/state/inode.ts';
import type { Memory } from '../../src/machine/memory.ts';
import { FILE_NAME } from './fileScenario.ts';
import type { RecordedPage } from './recording.ts';

/** The name of the second file of a scenario, which has the same blocks. */
const CLONE_NAME = 'clone';

/**
 * Which page of a file a recorded page is: `data[0]`. With a digit behind the file's letter it is the same page of the
 * file, looked up anew.
 */
export function labelOf({ file = 'f', index }: RecordedPage): string {
  return `${file}[${index}]`;
}

/**
 * Pages of files that a recording watches: each is looked up as soon as the file has a block there, and is that page of
 * the device from then on.
 */
export class WatchedPages {
  private readonly memory: Memory;
  private readonly fileNames: readonly string[];
  private readonly found = new Map<string, number>();

  constructor(memory: Memory, fileNames: readonly string[]) {
    this.memory = memory;
    this.fileNames = fileNames;
  }

  /** The page of the device that a recorded page stands for; undefined for a hole. */
  devicePage(page: RecordedPage): number | undefined {
    const label = labelOf(page);
    const known = this.found.get(label);
    if (known !== undefined) return known;
    const name = (page.file ?? 'f').startsWith('g') ? CLONE_NAME : FILE_NAME;
    const found = this.blockOf(name, page.index);
    if (found !== undefined) this.found.set(label, found);
    return found;
  }

  /** What the pages of the device in these frames are called in a recorded step; of others only that they are others. */
  frameLabel(frame: number, pages: readonly RecordedPage[]): string {
    const page = frame - this.memory.of(dev_dax).start_pfn.get(0);
    const known = pages.find((watched) => this.devicePage(watched) === page);
    return known === undefined ? ELSEWHERE : labelOf(known);
  }

  /** Size of a file in bytes; undefined when no file has that name. */
  sizeOf(name: string): number | undefined {
    const file = this.inodeOf(name);
    return file === undefined ? undefined : this.memory.of(inode).i_size.get(file);
  }

  private blockOf(name: string, index: number): number | undefined {
    const file = this.inodeOf(name);
    const extent = readExtents(this.memory).find(
      ({ inode: owner, file_block, length, flags }) =>
        owner === file && file_block <= index && index < file_block + length && (flags & EXTENT_COW) === 0,
    );
    return extent === undefined ? undefined : extent.block + index - extent.file_block;
  }

  private inodeOf(name: string): number | undefined {
    const number = this.fileNames.indexOf(name) + 1;
    const inodes = this.memory.of(inode);
    for (let file = FIRST_INODE; file < FIRST_INODE + INODE_LIMIT; file++) {
      if (inodes.i_sb.get(file) !== 0 && inodes.name.get(file) === number) return file;
    }
    return undefined;
  }
}

/** A page of the device that the recording does not watch. */
export const ELSEWHERE = 'another page';
