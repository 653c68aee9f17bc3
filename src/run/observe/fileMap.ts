import { address_space, FILE_PAGES } from '../../kernel/state/address_space.ts';
import { durable_extent } from '../../kernel/state/durable.ts';
import { EXTENT_COW, EXTENT_UNWRITTEN, extent } from '../../kernel/state/extent.ts';
import { type ExtentRecord, readExtents } from '../../kernel/state/extent_table.ts';
import { FIRST_INODE, inode } from '../../kernel/state/inode.ts';
import type { InodeId, Pfn } from '../../kernel/state/numbers.ts';
import { SLOTS_INODE, slots } from '../../kernel/state/slots.ts';
import type { Memory } from '../../machine/memory.ts';
import { PAGE_SIZE } from '../../machine/primitives/bytes.ts';
import { WRITER } from '../../machine/primitives/locks.ts';
import type { KeptFile, PromisedFile } from '../properties/lostDirty.ts';
import { type Layout, NOWHERE } from './layout.ts';

/** A page of a file. */
export interface FilePage {
  readonly file: InodeId;
  readonly index: number;
}

/** Pages `[first, last]` of a file. */
export interface PagesOfFile {
  readonly file: InodeId;
  readonly first: number;
  readonly last: number;
}

/** What a file has somewhere: a frame, or NOWHERE for a hole, and whether it was written. */
export interface FileBlock {
  readonly pfn: Pfn;
  readonly written: boolean;
}

const HOLE: FileBlock = { pfn: NOWHERE, written: false };

/** Neighbouring pages of a file, and the frame of the first of them. */
export interface FrameRun extends FilePage {
  readonly length: number;
  readonly pfn: Pfn;
}

/**
 * Which file has which page of a device, as the file systems' extents say at this moment. Who owns a page is never
 * concluded from anything else.
 */
export class FileMap {
  protected readonly memory: Memory;
  private readonly layout: Layout;
  private readonly fields: typeof inode;

  constructor(memory: Memory, layout: Layout) {
    this.memory = memory;
    this.layout = layout;
    this.fields = memory.of(inode);
  }

  /** All extents of all files. */
  extents(): readonly ExtentRecord[] {
    return readExtents(this.memory);
  }

  /** The device of a file, from 0; -1 if there is no such file. */
  deviceOf(file: InodeId): number {
    return this.fields.i_sb.get(file) - 1;
  }

  /** The pages of files that a frame of a device with a file system is, those that are being copied to included. */
  ownersOf(pfn: Pfn): readonly FilePage[] {
    return this.runsIn(pfn, 1);
  }

  /** The runs of pages of files that lie in `frames` frames from `pfn` on, those that are being copied to included. */
  runsIn(pfn: Pfn, frames: number): readonly FrameRun[] {
    const place = this.layout.extentOf(pfn);
    if (place?.kind !== 'fsdax') return [];
    const page = pfn - place.firstFrame;
    const runs: FrameRun[] = [];
    for (const { inode: file, file_block, length, block } of this.extents()) {
      const first = Math.max(page, block);
      const end = Math.min(page + frames, block + length);
      if (first >= end || this.deviceOf(file) !== place.device) continue;
      runs.push({
        file,
        index: file_block + first - block,
        length: end - first,
        pfn: place.firstFrame + first,
      });
    }
    return runs;
  }

  /** Whether a frame is a block of a file system that no file has. */
  isFree(pfn: Pfn): boolean {
    return this.layout.extentOf(pfn)?.kind === 'fsdax' && this.ownersOf(pfn).length === 0;
  }

  /** What a file has at a page. */
  blockAt(file: InodeId, index: number): FileBlock {
    for (const extent of this.extents()) {
      if (extent.inode !== file || (extent.flags & EXTENT_COW) !== 0) continue;
      const within = index - extent.file_block;
      if (within < 0 || within >= extent.length) continue;
      const written = (extent.flags & EXTENT_UNWRITTEN) === 0;
      return { pfn: this.firstFrameOf(file) + extent.block + within, written };
    }
    return HOLE;
  }

  /** Whether `pages` frames from `pfn` on are the file's pages from `index` on, or copies of them under way. */
  hasAt(file: InodeId, index: number, pages: number, pfn: Pfn): boolean {
    const block = pfn - this.firstFrameOf(file);
    let known = 0;
    for (const extent of this.extents()) {
      if (extent.inode !== file || extent.block - extent.file_block !== block - index) continue;
      const start = Math.max(index, extent.file_block);
      const end = Math.min(index + pages, extent.file_block + extent.length);
      known += Math.max(0, end - start);
    }
    return known >= pages;
  }

  /** Whether somebody holds a file's invalidate_lock for writing: pages of it are being taken away. */
  isBeingCut(file: InodeId): boolean {
    return this.memory.of(address_space).invalidate_lock.get(file) === WRITER;
  }

  /** What is promised of pages `[first, last]` of a file to survive a power loss by a system call that begins now. */
  promised({ file, first, last }: PagesOfFile): PromisedFile {
    const size = Math.min(this.fields.i_size.get(file), (last + 1) * PAGE_SIZE);
    return {
      size,
      extents: this.extentsOf(file, this.extents()).flatMap((extent) => within(extent, first, last)),
    };
  }

  /** A file, and what of it a power loss would leave. */
  kept(file: InodeId): KeptFile {
    return {
      size: this.fields.i_size.get(file),
      extents: this.extentsOf(file, this.extents()),
      durableSize: this.fields.i_disksize.get(file),
      durableExtents: this.extentsOf(file, readExtents(this.memory, durable_extent)),
    };
  }

  /** Files that have lost their names. */
  unlinked(): readonly InodeId[] {
    const { i_sb, i_nlink } = this.fields;
    const limit = this.memory.of(slots).highest.get(SLOTS_INODE);
    const found: InodeId[] = [];
    for (let file: InodeId = FIRST_INODE; file <= limit; file++) {
      if (i_sb.get(file) !== 0 && i_nlink.get(file) === 0) found.push(file);
    }
    return found;
  }

  private extentsOf(file: InodeId, extents: readonly ExtentRecord[]): readonly ExtentRecord[] {
    return extents.filter(({ inode: owner, flags }) => owner === file && (flags & EXTENT_COW) === 0);
  }

  /** `"a"`; a file that has lost its name is an unlinked one. */
  nameOf(file: InodeId): string {
    return this.textOf(this.numberOf(file));
  }

  /** The number of a file's name in the test, plus 1; 0 if it has none. */
  numberOf(file: InodeId): number {
    return this.fields.name.get(file);
  }

  /** The name behind such a number. */
  textOf(number: number): string {
    const name = this.layout.fileNames[number - 1];
    return name === undefined ? 'an unlinked file' : `"${name}"`;
  }

  /** `page 0 of "a"`. */
  pageName({ file, index }: FilePage): string {
    return `page ${index} of ${this.nameOf(file)}`;
  }

  /** What a frame is to the files: `page 0 of "a"`, of several, `a free block`; empty where there are no files. */
  describe(pfn: Pfn): string {
    if (this.layout.extentOf(pfn)?.kind !== 'fsdax') return '';
    const owners = this.ownersOf(pfn).map((owner) => this.pageName(owner));
    return owners.length === 0 ? 'a free block' : [...new Set(owners)].join(' and ');
  }

  private firstFrameOf(file: InodeId): Pfn {
    return this.layout.extents[this.deviceOf(file)]?.firstFrame ?? 0;
  }
}

/** The part of an extent that pages `[first, last]` of its file have. */
function within(extent: ExtentRecord, first: number, last: number): ExtentRecord[] {
  const start = Math.max(first, extent.file_block);
  const length = Math.min(last + 1, extent.file_block + extent.length) - start;
  if (length <= 0) return [];
  return [{ ...extent, file_block: start, length, block: extent.block + start - extent.file_block }];
}

/**
 * Reads the extents once for all questions between two changes, and remembers the names of files that are unlinked. What
 * it reads then depends on more than the memory, so that the checker must do without.
 */
export class RememberingFileMap extends FileMap {
  private known: readonly ExtentRecord[] | undefined;
  private readonly names: number[] = [];

  constructor(memory: Memory, layout: Layout) {
    super(memory, layout);
    for (const field of Object.values(memory.of(extent))) {
      memory.watch(field, () => {
        this.known = undefined;
      });
    }
    memory.watch(memory.of(inode).name, (file, _before, name) => {
      if (name !== 0) this.names[file] = name;
    });
  }

  override extents(): readonly ExtentRecord[] {
    this.known ??= super.extents();
    return this.known;
  }

  override numberOf(file: InodeId): number {
    return this.names[file] ?? 0;
  }
}

/** The slot of i_pages at which an entry for a page of a file stands. */
export function slotOf({ file, index }: FilePage): number {
  return file * FILE_PAGES + index;
}
