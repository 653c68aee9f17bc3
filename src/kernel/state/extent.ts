import { defineStruct, type Struct } from '../../machine/field.ts';
import type { ExtentId } from './numbers.ts';

/** Flags of an extent. Its blocks are allocated but read as zeros (EXT4_EXT_UNWRITTEN, XFS_EXT_UNWRITTEN). */
export const EXTENT_UNWRITTEN = 1;
/** Its blocks are reserved for a copy that is being made, and no part of the file yet (XFS_COW_FORK). */
export const EXTENT_COW = 2;

type ExtentField = 'inode' | 'file_block' | 'length' | 'block' | 'flags';

/**
 * One extent of a file: neighbouring pages of the file on neighbouring pages of the device (struct ext4_extent;
 * struct xfs_bmbt_irec). Several files may have the same block (reflink); a block that no extent names is free. The
 * slots in use come first, ordered by file, fork and page, and neighbours that could be one are one: equal files have
 * equal words, whatever made them so.
 */
export const extent: Struct<ExtentId, ExtentField> = defineStruct<ExtentId, ExtentField>(
  'extent',
  { doc: 'a run of blocks of a file; blocks are pages of 4 KiB', dense: true },
  {
    inode: { doc: 'file that it belongs to; 0 = a free slot' },
    file_block: { doc: 'first page within the file', wide: true },
    length: { doc: 'pages', wide: true },
    block: { doc: 'first page within the device', wide: true },
    flags: { doc: 'EXTENT_ flags' },
  },
);
