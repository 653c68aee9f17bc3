import { inode } from '../../kernel/state/inode.ts';
import type { InodeId } from '../../kernel/state/numbers.ts';
import type { ChangedValue, TraceEntry } from '../../litmus/output/index.ts';
import type { Memory } from '../../machine/memory.ts';
import type { FileMap } from '../observe/fileMap.ts';
import type { Layout } from '../observe/layout.ts';
import type { BlockChange, Blocks } from './blockChanges.ts';

/** Names pages of files and the blocks behind them, as the test's author would. */
export class BlockNames {
  private readonly layout: Layout;
  private readonly files: FileMap;
  /** The device of each file, also of one that is gone. */
  private readonly devices: number[] = [];

  constructor(memory: Memory, layout: Layout, files: FileMap) {
    this.layout = layout;
    this.files = files;
    memory.watch(memory.of(inode).i_sb, (file, _before, superBlock) => {
      if (superBlock !== 0) this.devices[file] = superBlock - 1;
    });
  }

  /** `"a"[0..3] d[0..3] → hole`: changes by the pages of the file, each once; `where` stands behind their names. */
  named(changes: readonly BlockChange[], where = ''): TraceEntry['changes'] {
    const named: Record<string, readonly [ChangedValue, ChangedValue]> = {};
    for (const change of changes) {
      const name = `${this.nameOf(change)}${where}`;
      const [before] = named[name] ?? [this.textOf(change, change.before)];
      named[name] = [before, this.textOf(change, change.after)];
    }
    return Object.fromEntries(Object.entries(named).filter(([, [before, after]]) => before !== after));
  }

  private nameOf({ file, isCopy, first, length }: BlockChange): string {
    return `${this.files.nameOf(file)}[${rangeText(first, length)}]${isCopy ? '.cow' : ''}`;
  }

  private textOf({ file, isCopy, length }: BlockChange, blocks: Blocks | null): string {
    if (blocks === null) return isCopy ? 'none' : 'hole';
    const pages = `${this.deviceName(file)}[${rangeText(blocks.block, length)}]`;
    return blocks.unwritten ? `${pages} unwritten` : pages;
  }

  private deviceName(file: InodeId): string {
    return this.layout.extents[this.devices[file] ?? -1]?.name ?? 'device';
  }
}

function rangeText(first: number, length: number): string {
  return length === 1 ? `${first}` : `${first}..${first + length - 1}`;
}
