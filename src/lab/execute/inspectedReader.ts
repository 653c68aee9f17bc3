import {
  InspectError,
  type InspectedKernel,
  openFile,
  openKernel,
  type PageTableEntry,
  type PhysicalMemory,
  segmentedMemory,
} from '../../inspect/index.ts';
import { LabError } from '../labError.ts';
import type { RamExtent } from '../machine/guest.ts';
import type { EntryView, FolioView, PageReader } from './pageReader.ts';

const LEVELS: Readonly<Partial<Record<PageTableEntry['level'], EntryView['level']>>> = {
  pte: 1,
  pmd: 2,
  pud: 3,
};

/** A guest's memory that is open for reading, until it is closed. */
export interface InspectedGuest {
  /** Reads pages of devices whose first pages are in these frames. */
  reader(firstFrames: readonly number[]): PageReader;
  /** That of another guest which began where this one stands. */
  inCopy(ramFile: string): InspectedGuest;
  close(): void;
}

/** Opens the memory of a guest whose kernel has booted. */
export function inspectGuest(ramFile: string, extents: readonly RamExtent[]): InspectedGuest {
  return inspectedIn(ramFile, extents, openKernel);
}

function inspectedIn(
  ramFile: string,
  extents: readonly RamExtent[],
  find: (memory: PhysicalMemory) => InspectedKernel,
): InspectedGuest {
  const file = openFile(ramFile);
  try {
    const kernel = find(segmentedMemory(file, extents));
    return {
      reader: (firstFrames) => readerOf(kernel, firstFrames),
      inCopy: (copy) => inspectedIn(copy, extents, kernel.inCopy),
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    if (error instanceof InspectError)
      throw new LabError(`the guest’s memory cannot be read: ${error.message}`);
    throw error;
  }
}

function readerOf(kernel: InspectedKernel, firstFrames: readonly number[]): PageReader {
  const firstFrame = (device: number): number => firstFrames[device] ?? 0;
  return {
    firstFrame,
    folio: (device, page, traced): FolioView | undefined => {
      const pfn = firstFrame(device) + page;
      const found =
        traced === undefined
          ? kernel.page(pfn)
          : kernel.counts(pfn, { first: firstFrame(device) + traced.first, bytes: traced.trace });
      if (found === undefined) return undefined;
      const { headPfn, refcount, mapcount, pincount, order } = found;
      return { first: headPfn - firstFrame(device), refcount, mapcount, pincount, order };
    },
    trace: (device, first, count) => kernel.structPages(firstFrame(device) + first, count),
    frames: (processId, address, pages) =>
      kernel.process(processId)?.frames(BigInt(address), pages) ?? Array.from({ length: pages }),
    entry: (processId, address) => {
      const entry = kernel.process(processId)?.entry(BigInt(address));
      return entry === undefined ? undefined : viewOf(entry);
    },
  };
}

function viewOf(entry: PageTableEntry): EntryView | undefined {
  const { pfn, rw, dirty, special, softDirty, devmap, savedDirty, present, accessed } = entry;
  const level = LEVELS[entry.level];
  if (pfn === undefined || level === undefined) return undefined;
  return { level, present, rw, young: accessed, dirty, special, softDirty, devmap, savedDirty, frame: pfn };
}
