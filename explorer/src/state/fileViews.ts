import {
  DAX_EMPTY,
  DAX_ENTRY_UNIT,
  DAX_LOCKED,
  DAX_PMD,
  DAX_ZERO_PAGE,
  FILE_PAGES,
  i_pages,
  PAGECACHE_TAG_DIRTY,
} from '../../../src/kernel/state/address_space.ts';
import { EXTENT_COW, EXTENT_UNWRITTEN } from '../../../src/kernel/state/extent.ts';
import { FIRST_INODE, I_DIRTY_DATASYNC, I_FREEING, inode } from '../../../src/kernel/state/inode.ts';
import { SLOTS_INODE, slots } from '../../../src/kernel/state/slots.ts';
import type { Memory } from '../../../src/machine/memory.ts';
import { FileMap } from '../../../src/run/observe/fileMap.ts';
import type { Layout } from '../../../src/run/observe/layout.ts';
import type { Replica } from '../recording/replica.ts';

/** A file of a device with a file system. */
export interface FileView {
  /** Stable from state to state. */
  readonly key: string;
  /** `"f"` */
  readonly name: string;
  readonly device: string;
  /** `8 KiB, open 1 time`, and what is not durable yet. */
  readonly state: string;
  /** Where its pages lie on the device. */
  readonly extents: readonly FilePart[];
  /** Its DAX entries: the pages that mappings and system calls have asked for. */
  readonly entries: readonly FilePart[];
}

/** Some pages of a file. */
export interface FilePart {
  /** First page within the file. */
  readonly first: number;
  /** `pages 0…3` */
  readonly pages: string;
  /** `d[4…7]`, or what stands there instead of pages. */
  readonly target: string;
  /** `unwritten`, `dirty`, … */
  readonly flags: readonly string[];
}

const KIBIBYTE = 1024;
/** Pages of an entry of order 9. */
const HUGE = 512;

/** The files of all devices in the state of a replica, in the order in which they were made. */
export function fileViews({ memory, layout }: Replica): FileView[] {
  if (!layout.hasFiles) return [];
  const files = new FileMap(memory, layout);
  const views: FileView[] = [];
  for (let file = FIRST_INODE; file <= memory.of(slots).highest.get(SLOTS_INODE); file++) {
    const device = layout.extents[files.deviceOf(file)];
    if (device === undefined) continue;
    views.push({
      key: `${file}`,
      name: files.nameOf(file),
      device: device.name,
      state: stateText(memory, file),
      extents: extentsOf(files, file, device.name),
      entries: entriesOf(memory, layout, file),
    });
  }
  return views;
}

function stateText(memory: Memory, file: number): string {
  const { i_size, i_disksize, i_count, i_nlink, i_state } = memory.of(inode);
  const size = i_size.get(file);
  const state = i_state.get(file);
  const held = i_count.get(file);
  return [
    byteText(size),
    held === 1 ? 'held once' : `held ${held} times`,
    ...(i_nlink.get(file) === 0 ? ['unlinked'] : []),
    ...((state & I_DIRTY_DATASYNC) !== 0 ? ['metadata not durable'] : []),
    ...((state & I_FREEING) !== 0 ? ['on its way out'] : []),
    ...(i_disksize.get(file) === size ? [] : [`${byteText(i_disksize.get(file))} after a power loss`]),
  ].join(' · ');
}

function byteText(bytes: number): string {
  return bytes % KIBIBYTE === 0 ? `${(bytes / KIBIBYTE).toLocaleString('en')} KiB` : `${bytes} bytes`;
}

function extentsOf(files: FileMap, file: number, device: string): FilePart[] {
  return files
    .extents()
    .filter((extent) => extent.inode === file)
    .map(({ file_block: first, length, block, flags }) => ({
      first,
      pages: pagesText(first, length),
      target: `${device}[${rangeText(block, length)}]`,
      flags: [
        ...((flags & EXTENT_UNWRITTEN) !== 0 ? ['unwritten'] : []),
        ...((flags & EXTENT_COW) !== 0 ? ['copy under way'] : []),
      ],
    }));
}

function entriesOf(memory: Memory, layout: Layout, file: number): FilePart[] {
  const { entry, marks } = memory.of(i_pages);
  const start = file * FILE_PAGES;
  return memory.touchedIn(i_pages, start, start + FILE_PAGES).flatMap((slot): FilePart[] => {
    const value = entry.get(slot);
    if (value === 0) return [];
    const isHuge = (value & DAX_PMD) !== 0;
    return [
      {
        first: slot - start,
        pages: pagesText(slot - start, isHuge ? HUGE : 1),
        target: targetText(layout, value),
        flags: [
          ...(isHuge ? ['PMD'] : []),
          ...((marks.get(slot) & PAGECACHE_TAG_DIRTY) !== 0 ? ['dirty'] : []),
          ...((value & DAX_LOCKED) !== 0 ? ['locked'] : []),
        ],
      },
    ];
  });
}

function targetText(layout: Layout, value: number): string {
  if ((value & DAX_EMPTY) !== 0) return 'nothing yet';
  if ((value & DAX_ZERO_PAGE) !== 0) return 'zeros of a hole';
  return layout.nameOf(Math.floor(value / DAX_ENTRY_UNIT));
}

function pagesText(first: number, pages: number): string {
  return pages === 1 ? `page ${first}` : `pages ${rangeText(first, pages)}`;
}

function rangeText(first: number, length: number): string {
  return length === 1 ? `${first}` : `${first}…${first + length - 1}`;
}
