import type { Scheme } from '../../litmus/index.ts';
import type { Memory } from '../../machine/memory.ts';
import { BlockWatch } from './blockWatch.ts';
import type { FileMap, FilePage } from './fileMap.ts';
import { FileReader } from './fileReader.ts';
import type { FolioReader } from './folioReader.ts';
import type { Judge } from './judge.ts';
import type { Layout, Unit } from './layout.ts';
import { judgeFiles } from './settling.ts';
import { SlotWatch } from './slotWatch.ts';
import type { StaleReferences } from './staleReferences.ts';
import type { Trail } from './trail.ts';
import type { UnitWords } from './unitWords.ts';
import type { VmaFinder } from './vmaFinder.ts';

export interface FileWatchParts {
  readonly memory: Memory;
  readonly layout: Layout;
  readonly scheme: Scheme;
  readonly files: FileMap;
  readonly words: UnitWords;
  readonly folios: FolioReader;
  readonly stale: StaleReferences;
  readonly trail: Trail;
  readonly judge: Judge;
  readonly vmas: VmaFinder;
}

/** Watches files: who has which block, and what their DAX entries say. */
export class FileWatch {
  private readonly parts: FileWatchParts;
  private readonly reader: FileReader;
  private readonly slots: SlotWatch;
  private readonly blocks: BlockWatch;

  constructor(parts: FileWatchParts) {
    this.parts = parts;
    this.reader = new FileReader(parts);
    this.slots = new SlotWatch(parts.memory);
    this.blocks = new BlockWatch({ ...parts, moved: (run) => this.slots.noteRun(run) });
  }

  /** Blocks that went from file to file in the last step are noticed now, before something else happens. */
  catchUp(): void {
    this.blocks.catchUp();
  }

  /** An entry of a page table maps a page of a file. */
  mapped(page: FilePage): void {
    this.slots.note(page);
  }

  /** Judges what is new while no thread is inside an operation; `units` are those that were touched. */
  settle(units: readonly Unit[]): void {
    const { folios, judge, layout } = this.parts;
    judgeFiles(this.slots.take(), units, { folios, judge, layout, reader: this.reader });
  }
}
