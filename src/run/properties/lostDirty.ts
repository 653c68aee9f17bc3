import { EXTENT_UNWRITTEN } from '../../kernel/state/extent.ts';
import type { ExtentRecord } from '../../kernel/state/extent_table.ts';

/**
 * `lost-dirty`, as a system call returns that promised to make a file durable: what was written to its pages before the call
 * began is on the medium. Every page of which it is not is a violation, so that only the words are left to find.
 */
export function cachedOnly(): string {
  return 'a system call promised that it survives a power loss, and what was written to it is in a cache only';
}

/** What a file was when a system call began that promises to make it durable. */
export interface PromisedFile {
  readonly size: number;
  /** What it has of its device. */
  readonly extents: readonly ExtentRecord[];
}

/** The same file as that call returns, and what of it a power loss would leave. */
export interface KeptFile {
  readonly size: number;
  readonly extents: readonly ExtentRecord[];
  readonly durableSize: number;
  readonly durableExtents: readonly ExtentRecord[];
}

/** What is lost of a file that was promised to be durable. */
export interface LostPart {
  /** The page of the file; null where it is its size. */
  readonly index: number | null;
  readonly message: string;
}

/**
 * `lost-dirty` of what a file system knows of a file, as such a call returns: the pages that the file had when it began,
 * and has still, are known to the medium, and so is its size. The first thing that is wrong, or null.
 */
export function unknownToMedium(promised: PromisedFile, kept: KeptFile): LostPart | null {
  const size = Math.min(promised.size, kept.size);
  if (kept.durableSize < size) {
    const message = `a system call promised that the file survives a power loss, which would leave ${kept.durableSize} of its ${size} bytes`;
    return { index: null, message };
  }
  for (const { file_block, length } of promised.extents) {
    for (let index = file_block; index < file_block + length; index++) {
      const before = pageIn(promised.extents, index);
      const now = pageIn(kept.extents, index);
      if (before === null || now === null || before.block !== now.block || !before.written) continue;
      const durable = pageIn(kept.durableExtents, index);
      if (durable?.block === now.block && durable.written) continue;
      const what = durable?.block === now.block ? 'as zeros' : 'without it';
      return {
        index,
        message: `a system call promised that it survives a power loss, which would leave the file ${what}`,
      };
    }
  }
  return null;
}

function pageIn(
  extents: readonly ExtentRecord[],
  index: number,
): { readonly block: number; readonly written: boolean } | null {
  const extent = extents.find(({ file_block, length }) => file_block <= index && index < file_block + length);
  if (extent === undefined) return null;
  return {
    block: extent.block + index - extent.file_block,
    written: (extent.flags & EXTENT_UNWRITTEN) === 0,
  };
}
