import { EXTENT_COW, EXTENT_UNWRITTEN } from '../../kernel/state/extent.ts';
import type { ExtentRecord } from '../../kernel/state/extent_table.ts';
import type { InodeId } from '../../kernel/state/numbers.ts';

/** Neighbouring pages of a device behind neighbouring pages of a file. */
export interface Blocks {
  /** First page of the device. */
  readonly block: number;
  /** Whether they read as zeros, whatever they hold. */
  readonly unwritten: boolean;
}

/** Neighbouring pages of a file that have other blocks than before; null is a hole. */
export interface BlockChange {
  readonly file: InodeId;
  /** Whether these are blocks of a copy that is being made, and no part of the file yet. */
  readonly isCopy: boolean;
  /** First page of the file. */
  readonly first: number;
  readonly length: number;
  readonly before: Blocks | null;
  readonly after: Blocks | null;
}

/** What changed from one table of extents to another, by file and page, in as few runs as can tell it. */
export function blockChanges(
  before: readonly ExtentRecord[],
  after: readonly ExtentRecord[],
): readonly BlockChange[] {
  const ones = byFork(before);
  const others = byFork(after);
  const forks = [...new Set([...ones.keys(), ...others.keys()])].sort((one, other) => one - other);
  return forks.flatMap((fork) => changesOfFork(fork, ones.get(fork) ?? [], others.get(fork) ?? []));
}

/** Extents of each file, and apart from them those of its copies; tables list them in order. */
function byFork(extents: readonly ExtentRecord[]): ReadonlyMap<number, readonly ExtentRecord[]> {
  const forks = new Map<number, ExtentRecord[]>();
  for (const extent of extents) {
    const fork = extent.inode * 2 + ((extent.flags & EXTENT_COW) === 0 ? 0 : 1);
    const known = forks.get(fork);
    if (known === undefined) forks.set(fork, [extent]);
    else known.push(extent);
  }
  return forks;
}

function changesOfFork(
  fork: number,
  before: readonly ExtentRecord[],
  after: readonly ExtentRecord[],
): readonly BlockChange[] {
  const bounds = [...before, ...after].flatMap((extent) => [extent.file_block, endOf(extent)]);
  const starts = [...new Set(bounds)].sort((one, other) => one - other);
  const one = new Reader(before);
  const other = new Reader(after);
  const changes: BlockChange[] = [];
  starts.forEach((first, position) => {
    const length = (starts[position + 1] ?? first) - first;
    const was = one.at(first);
    const is = other.at(first);
    if (areSame(was, is)) return;
    const last = changes.at(-1);
    if (last !== undefined && last.first + last.length === first && goesOn(last, was, is)) {
      changes[changes.length - 1] = { ...last, length: last.length + length };
    } else {
      const file = Math.floor(fork / 2);
      changes.push({ file, isCopy: fork % 2 === 1, first, length, before: was, after: is });
    }
  });
  return changes;
}

/** Reads the extents of one fork from front to back. */
class Reader {
  private readonly extents: readonly ExtentRecord[];
  private position = 0;

  constructor(extents: readonly ExtentRecord[]) {
    this.extents = extents;
  }

  /** The blocks from a page of the file on, which is not before one that was asked for. */
  at(page: number): Blocks | null {
    while (endOf(this.extents[this.position]) <= page) this.position++;
    const extent = this.extents[this.position];
    if (extent === undefined || page < extent.file_block) return null;
    const unwritten = (extent.flags & EXTENT_UNWRITTEN) !== 0;
    return { block: extent.block + page - extent.file_block, unwritten };
  }
}

function endOf(extent: ExtentRecord | undefined): number {
  return extent === undefined ? Number.POSITIVE_INFINITY : extent.file_block + extent.length;
}

function areSame(one: Blocks | null, other: Blocks | null): boolean {
  return one?.block === other?.block && one?.unwritten === other?.unwritten;
}

/** Whether the blocks behind a run, before and after, are its own blocks' neighbours. */
function goesOn({ length, before, after }: BlockChange, was: Blocks | null, is: Blocks | null): boolean {
  return areSame(moved(before, length), was) && areSame(moved(after, length), is);
}

function moved(blocks: Blocks | null, pages: number): Blocks | null {
  return blocks && { ...blocks, block: blocks.block + pages };
}
