import { EXTENT_COW } from '../../kernel/state/extent.ts';
import type { ExtentRecord } from '../../kernel/state/extent_table.ts';
import type { Pfn } from '../../kernel/state/numbers.ts';
import type { FileMap } from '../observe/fileMap.ts';
import type { Layout } from '../observe/layout.ts';

/** Frames behind neighbouring pages of a file. */
interface NamedRun {
  /** Device and file, as `d/data`. */
  readonly file: string;
  /** First page of the file. */
  readonly page: number;
  readonly pfn: Pfn;
  readonly length: number;
}

/** The name of a frame after the first so many looks at the files. */
interface KnownName {
  readonly name: string | undefined;
  readonly looks: number;
}

const NOTHING_KNOWN: KnownName = { name: undefined, looks: 0 };

/**
 * Which page of which file each page of a device backs, or was the last to back, by names that mean the same to every
 * kernel: `d[7]` is `d/data[3]`. A page keeps its name while that is still true; of several files that share it, the one
 * made first names it. Files may have billions of pages and few that matter: a name is made when it is asked for.
 */
export class FilePageNames {
  private readonly layout: Layout;
  private readonly files: FileMap;
  /** What each look at the files saw that differed from the one before. */
  private readonly looks: (readonly NamedRun[])[] = [];
  private readonly known = new Map<Pfn, KnownName>();
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
    this.looks.push(extents.flatMap((extent) => this.namedRun(extent)));
  }

  /** The name of the page in a frame; undefined where it never backed anything. */
  nameOf(pfn: Pfn): string | undefined {
    let { name, looks } = this.known.get(pfn) ?? NOTHING_KNOWN;
    for (; looks < this.looks.length; looks++) {
      const names = namesIn(this.looks[looks] ?? [], pfn);
      if (name === undefined || !names.includes(name)) name = names[0] ?? name;
    }
    this.known.set(pfn, { name, looks });
    return name;
  }

  private namedRun({ inode, file_block, length, block, flags }: ExtentRecord): readonly NamedRun[] {
    const device = this.layout.extents[this.files.deviceOf(inode)];
    const name = this.layout.fileNames[this.files.numberOf(inode) - 1];
    if ((flags & EXTENT_COW) !== 0 || device === undefined || name === undefined) return [];
    return [{ file: `${device.name}/${name}`, page: file_block, pfn: device.firstFrame + block, length }];
  }
}

function namesIn(runs: readonly NamedRun[], pfn: Pfn): readonly string[] {
  return runs
    .filter((run) => run.pfn <= pfn && pfn < run.pfn + run.length)
    .map((run) => `${run.file}[${run.page + pfn - run.pfn}]`);
}
