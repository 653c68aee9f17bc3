import { FILE_PAGES, i_pages } from '../../kernel/state/address_space.ts';
import type { IPagesSlot } from '../../kernel/state/numbers.ts';
import type { Memory } from '../../machine/memory.ts';
import type { FileRun } from './blockWatch.ts';
import { type FilePage, slotOf } from './fileMap.ts';

/** Collects the DAX entries that have to be judged at the next quiescent point. */
export class SlotWatch {
  private readonly memory: Memory;
  private readonly slots = new Set<IPagesSlot>();

  constructor(memory: Memory) {
    this.memory = memory;
    const { entry, marks } = memory.of(i_pages);
    for (const field of [entry, marks]) memory.watch(field, (slot) => this.slots.add(slot));
  }

  /** Something about a page of a file is new. */
  note(page: FilePage): void {
    this.slots.add(slotOf(page));
  }

  /** A file has got or lost blocks. */
  noteRun({ file, index, length }: FileRun): void {
    const first = file * FILE_PAGES + Math.floor(index / HUGE) * HUGE;
    const end = file * FILE_PAGES + index + length;
    for (const slot of this.memory.touchedIn(i_pages, first, end)) this.slots.add(slot);
  }

  /** The entries noted since this was asked last, in ascending order. */
  take(): readonly IPagesSlot[] {
    const taken = [...this.slots].sort((left, right) => left - right);
    this.slots.clear();
    return taken;
  }
}

/** Pages that an entry may stand for: one that covers a page stands at most so far before it. */
const HUGE = 512;
