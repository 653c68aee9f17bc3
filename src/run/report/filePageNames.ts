import { EXTENT_COW } from '../../kernel/state/extent.ts';
import type { ExtentRecord } from '../../kernel/state/extent_table.ts';
import type { Pfn } from '../../kernel/state/numbers.ts';
import type { FileMap } from '../observe/fileMap.ts';
import type { Layout } from '../observe/layout.ts';

/**
 * Which page of which file each page of a device backs, or was the last to back, by names that mean the same to every
 * kernel: `d[7]` is `d/data[3]`. A page keeps its name while that is still true; of several files that share it, the one
 * made first names it.
 */
export class FilePageNames {
  private readonly layout: Layout;
  private readonly files: FileMap;
  private readonly names = new Map<Pfn, string>();
  private seen: readonly ExtentRecord[] = [];

  constructor(layout: Layout, files: FileMap) {
    this.layout = layout;
    this.files = files;
  }

  /** An operation is over: files may have other blocks than before. */
  update(): void {
    const extents = this.files.extents();
    if (extents === this.seen) return;
    this.seen = extents;
    const current = new Map<Pfn, string[]>();
    for (const { inode, file_block, length, block, flags } of extents) {
      if ((flags & EXTENT_COW) !== 0) continue;
      const device = this.layout.extents[this.files.deviceOf(inode)];
      const name = this.layout.fileNames[this.files.numberOf(inode) - 1];
      if (device === undefined || name === undefined) continue;
      for (let page = 0; page < length; page++) {
        const pfn = device.firstFrame + block + page;
        const names = current.get(pfn) ?? [];
        names.push(`${device.name}/${name}[${file_block + page}]`);
        current.set(pfn, names);
      }
    }
    for (const [pfn, names] of current) {
      const [first = ''] = names;
      if (!names.includes(this.names.get(pfn) ?? '')) this.names.set(pfn, first);
    }
  }

  /** The name of the page in a frame; undefined where it never backed anything. */
  nameOf(pfn: Pfn): string | undefined {
    return this.names.get(pfn);
  }
}
