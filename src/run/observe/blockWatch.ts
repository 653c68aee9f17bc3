import { dev_pagemap } from '../../kernel/state/dax.ts';
import { extent } from '../../kernel/state/extent.ts';
import { type ExtentRecord, readExtents, writeExtents } from '../../kernel/state/extent_table.ts';
import type { ExtentId, InodeId, Pfn } from '../../kernel/state/numbers.ts';
import { defineStruct, type Struct } from '../../machine/field.ts';
import type { Memory } from '../../machine/memory.ts';
import { entryOfLostBlock } from '../properties/mappedFreePage.ts';
import { staleTlb } from '../properties/staleTlb.ts';
import { entryFacts } from './entryFacts.ts';
import type { FileMap, FilePage } from './fileMap.ts';
import type { FolioReader } from './folioReader.ts';
import type { Judge } from './judge.ts';
import type { Layout } from './layout.ts';
import { leavesOf } from './leaves.ts';
import type { StaleReferences } from './staleReferences.ts';
import type { Trail } from './trail.ts';
import { ENTRIES, TRANSLATIONS, type UnitWords } from './unitWords.ts';
import type { VmaFinder } from './vmaFinder.ts';

type ExtentField = 'inode' | 'file_block' | 'length' | 'block' | 'flags';

/** Extents as they were when they were last looked at, in the form of struct extent. */
export const known_extent: Struct<ExtentId, ExtentField> = defineStruct<ExtentId, ExtentField>(
  'known_extent',
  { doc: 'a run of blocks of a file, as the observer saw it last' },
  {
    inode: { doc: 'file that it belonged to; 0 = none' },
    file_block: { doc: 'first page within the file', wide: true },
    length: { doc: 'pages', wide: true },
    block: { doc: 'first page within the device', wide: true },
    flags: { doc: 'device of the file, plus 1' },
  },
);

export interface BlockWatchParts {
  readonly memory: Memory;
  readonly layout: Layout;
  readonly files: FileMap;
  readonly words: UnitWords;
  readonly folios: FolioReader;
  readonly stale: StaleReferences;
  readonly trail: Trail;
  readonly judge: Judge;
  readonly vmas: VmaFinder;
  /** Told of neighbouring pages of a file that have other blocks by now, or some or none where it was otherwise. */
  readonly moved?: (run: FileRun) => void;
}

/** Neighbouring pages of a file. */
export interface FileRun extends FilePage {
  readonly length: number;
}

/** Pages of a file that lost their blocks. */
interface LostRun extends FileRun {
  readonly device: number;
  /** First page of the device. */
  readonly block: number;
}

/**
 * Sees blocks go from file to file. A step may change many words of the extents; so they are looked at when it is over,
 * before anything else happens that depends on who has which block.
 */
export class BlockWatch {
  private readonly parts: BlockWatchParts;
  private readonly memmap: (typeof dev_pagemap)['memmap'];
  private isChanged = false;

  constructor(parts: BlockWatchParts) {
    const { memory } = parts;
    this.parts = parts;
    this.memmap = memory.of(dev_pagemap).memmap;
    for (const field of Object.values(memory.of(extent))) {
      memory.watch(field, () => {
        this.isChanged = true;
      });
    }
  }

  /** The step that changed extents is over: nothing may lead to a block that a file has lost. */
  catchUp(): void {
    if (!this.isChanged) return;
    this.isChanged = false;
    const { memory, files } = this.parts;
    const before = readExtents(memory, known_extent);
    const after = readExtents(memory).map(
      (record): ExtentRecord => ({ ...record, flags: files.deviceOf(record.inode) + 1 }),
    );
    writeExtents(memory, after, known_extent);
    for (const run of lostRuns(before, after)) this.lost(run, before);
    const { moved } = this.parts;
    if (moved === undefined) return;
    for (const run of [...lostRuns(before, after), ...lostRuns(after, before)]) moved(run);
  }

  private lost(run: LostRun, before: readonly ExtentRecord[]): void {
    const { layout, files, stale, words, trail } = this.parts;
    const place = layout.extents[run.device];
    if (place === undefined) return;
    const first = place.firstFrame + run.block;
    const aligned = first - (first % HUGE);
    const units = words.unitsWith(ENTRIES, layout.unitOf(aligned), layout.unitOf(first) + run.length);
    if (units.next().done !== true) this.judgeEntries(first, run);
    for (const pfn of this.watchedFrames(first, run.length)) {
      const page = pfn - first;
      const owners = files.ownersOf(pfn);
      const isKept = owners.some(({ file, index }) =>
        hadBlock(before, file, index, run.device, run.block + page),
      );
      const former = { name: files.numberOf(run.file), index: run.index + page };
      if (!isKept && stale.mark(pfn, former)) trail.touch(layout.unitOf(pfn));
      if (owners.length === 0) this.judgeTranslations(pfn);
    }
  }

  /** The frames that somebody holds, or that a translation leads to: of a file's billions of pages no others matter. */
  private watchedFrames(first: Pfn, length: number): readonly Pfn[] {
    const { layout, stale, words } = this.parts;
    const firstUnit = layout.unitOf(first);
    const frames = new Set(stale.framesHeld(first, first + length));
    for (const unit of words.unitsWith(TRANSLATIONS, firstUnit, firstUnit + length))
      frames.add(layout.frameOf(unit));
    return [...frames].sort((one, other) => one - other);
  }

  private judgeTranslations(pfn: number): void {
    const { layout, folios, judge, trail, words } = this.parts;
    const unit = layout.unitOf(pfn);
    if (words.get(unit, TRANSLATIONS) === 0) return;
    trail.touch(unit);
    const message = staleTlb(folios.read(unit));
    if (message !== null) judge.ofPage('stale-tlb', pfn, message);
  }

  /** Entries that map a block where its file has it no longer. */
  private judgeEntries(first: number, run: LostRun): void {
    const { memory, layout, files, judge, trail, vmas } = this.parts;
    for (const { pfn, pages, ...leaf } of leavesOf(memory)) {
      if (pfn >= first + run.length || pfn + pages <= first) continue;
      const facts = entryFacts({ layout, memmap: this.memmap, files, vmas, ...leaf });
      const lost = Math.max(first, pfn);
      const former = files.pageName({ file: run.file, index: run.index + lost - first });
      const message = entryOfLostBlock(facts, former);
      if (message === null) continue;
      trail.touch(layout.unitOf(lost));
      judge.ofPage('mapped-free-page', lost, message);
    }
  }
}

/** Pages that one huge entry maps. */
const HUGE = 512;

function hadBlock(
  extents: readonly ExtentRecord[],
  file: InodeId,
  index: number,
  device: number,
  block: number,
): boolean {
  return extents.some((record) => {
    const within = index - record.file_block;
    return (
      record.inode === file &&
      record.flags === device + 1 &&
      within >= 0 &&
      within < record.length &&
      record.block + within === block
    );
  });
}

/** What `before` says and `after` does not: pages of files that have another block by then, or none. */
function lostRuns(before: readonly ExtentRecord[], after: readonly ExtentRecord[]): readonly LostRun[] {
  return before.flatMap((record) => {
    let pieces = [{ start: record.file_block, end: record.file_block + record.length }];
    for (const kept of after) {
      const isSame =
        kept.inode === record.inode &&
        kept.flags === record.flags &&
        kept.block - kept.file_block === record.block - record.file_block;
      if (!isSame) continue;
      const [start, end] = [kept.file_block, kept.file_block + kept.length];
      pieces = pieces.flatMap((piece) =>
        [
          { start: piece.start, end: Math.min(piece.end, start) },
          { start: Math.max(piece.start, end), end: piece.end },
        ].filter((part) => part.start < part.end),
      );
    }
    return pieces.map(({ start, end }) => ({
      file: record.inode,
      index: start,
      length: end - start,
      device: record.flags - 1,
      block: record.block + start - record.file_block,
    }));
  });
}
