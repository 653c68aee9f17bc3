import type { Memory } from '../../machine/memory.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import { DAX_PMD, FILE_PAGES, i_pages } from './address_space.ts';
import type { IPagesSlot, MappingId } from './numbers.ts';

/*
 * The XArray of a file (include/linux/xarray.h). Whoever looks into it or changes it holds its xa_lock, so that a look-up
 * is one step, as it is for everyone else who holds the lock. Interrupts, which the kernel keeps off meanwhile, decide
 * nothing: nobody sends one and waits for it with the lock held.
 */

/** Order of a huge slot, and its pages; it stands at the first of them alone. */
const PMD_ORDER = 9;
const PMD_PAGES: number = 2 ** PMD_ORDER;

/** The slot that page `index` finds, whether or not there is an entry. */
function slotOf(memory: Memory, mapping: MappingId, index: number): IPagesSlot {
  const own = mapping * FILE_PAGES + index;
  const aligned = own - (index % PMD_PAGES);
  return memory.of(i_pages).order.get(aligned) !== 0 ? aligned : own;
}

/** Index behind the slot that page `index` finds. */
function behindSlot(memory: Memory, mapping: MappingId, index: number): number {
  const slot = slotOf(memory, mapping, index);
  return slot - mapping * FILE_PAGES + 2 ** memory.of(i_pages).order.get(slot);
}

/** The entry that covers page `index`; 0 if there is none (xas_load). */
export const xas_load: (mapping: MappingId, index: number) => Op<number> = primitive(
  (machine, mapping, index) => machine.memory.of(i_pages).entry.get(slotOf(machine.memory, mapping, index)),
);

/** Index of the first entry that covers any page from `index` to `last`, at least `index`; -1 if none does (xas_find). */
export const xas_find: (mapping: MappingId, index: number, last: number) => Op<number> = primitive(
  (machine, mapping, index, last) => nextEntry(machine.memory, mapping, index, last, () => true),
);

/** The same behind the slot that page `index` finds (xas_next_entry). */
export const xas_next_entry: (mapping: MappingId, index: number, last: number) => Op<number> = primitive(
  (machine, mapping, index, last) =>
    nextEntry(machine.memory, mapping, behindSlot(machine.memory, mapping, index), last, () => true),
);

/** As xas_find, among the entries that have one of the marks `marks` (xas_find_marked). */
export const xas_find_marked: (mapping: MappingId, index: number, last: number, marks: number) => Op<number> =
  primitive((machine, mapping, index, last, marks) =>
    nextEntry(machine.memory, mapping, index, last, hasMark(machine.memory, marks)),
  );

/** The same behind the slot that page `index` finds (xas_next_marked). */
export const xas_next_marked: (mapping: MappingId, index: number, last: number, marks: number) => Op<number> =
  primitive((machine, mapping, index, last, marks) => {
    const behind = behindSlot(machine.memory, mapping, index);
    return nextEntry(machine.memory, mapping, behind, last, hasMark(machine.memory, marks));
  });

function hasMark(memory: Memory, marks: number): (slot: IPagesSlot) => boolean {
  const fields = memory.of(i_pages);
  return (slot) => (fields.marks.get(slot) & marks) !== 0;
}

function nextEntry(
  memory: Memory,
  mapping: MappingId,
  index: number,
  last: number,
  matches: (slot: IPagesSlot) => boolean,
): number {
  const { entry } = memory.of(i_pages);
  const first = mapping * FILE_PAGES;
  const covering = slotOf(memory, mapping, index);
  const behind = first + Math.min(last, FILE_PAGES - 1) + 1;
  for (const slot of memory.touchedIn(i_pages, covering, behind)) {
    if (slot !== covering && slot < first + index) continue;
    if (entry.get(slot) !== 0 && matches(slot)) return Math.max(slot - first, index);
  }
  return -1;
}

/**
 * The first entry among those that cover the `2 ** order` pages from `index` on; 0 if none does (xas_find_conflict). Some of
 * several can be found only where `order` is 9: all are of order 0 then.
 */
export const xas_find_conflict: (mapping: MappingId, index: number, order: number) => Op<number> = primitive(
  (machine, mapping, index, order) => {
    const found = nextEntry(machine.memory, mapping, index, index + 2 ** order - 1, () => true);
    return found < 0 ? 0 : machine.memory.of(i_pages).entry.get(slotOf(machine.memory, mapping, found));
  },
);

/**
 * Puts an entry into the slot that page `index` finds; where none is, into a new one, of order 9 for a huge entry. A slot
 * keeps its order whatever comes into it, until 0 takes it away with its marks. Returns what stood there (xas_store).
 */
export const xas_store: (mapping: MappingId, index: number, value: number) => Op<number> = primitive(
  (machine, mapping, index, value) => {
    const { entry, order, marks } = machine.memory.of(i_pages);
    const found = slotOf(machine.memory, mapping, index);
    const isNewHuge = order.get(found) === 0 && (value & DAX_PMD) !== 0;
    const slot = isNewHuge ? found - (index % PMD_PAGES) : found;
    const before = entry.get(slot);
    entry.set(slot, value);
    if (isNewHuge) order.set(slot, PMD_ORDER);
    if (value === 0) {
      order.set(slot, 0);
      marks.set(slot, 0);
    }
    return before;
  },
);

/** log2 of the pages that find the slot which page `index` finds (xa_get_order). */
export const xa_get_order: (mapping: MappingId, index: number) => Op<number> = primitive(
  (machine, mapping, index) => machine.memory.of(i_pages).order.get(slotOf(machine.memory, mapping, index)),
);

/** 1 if the entry that covers page `index` has the mark (xas_get_mark). */
export const xas_get_mark: (mapping: MappingId, index: number, mark: number) => Op<number> = primitive(
  (machine, mapping, index, mark) =>
    (machine.memory.of(i_pages).marks.get(slotOf(machine.memory, mapping, index)) & mark) !== 0 ? 1 : 0,
);

/** Gives that entry a mark (xas_set_mark). */
export const xas_set_mark: (mapping: MappingId, index: number, mark: number) => Op = primitive(
  (machine, mapping, index, mark) => {
    const { marks } = machine.memory.of(i_pages);
    const slot = slotOf(machine.memory, mapping, index);
    marks.set(slot, marks.get(slot) | mark);
  },
);

/** Takes a mark off it (xas_clear_mark). */
export const xas_clear_mark: (mapping: MappingId, index: number, mark: number) => Op = primitive(
  (machine, mapping, index, mark) => {
    const { marks } = machine.memory.of(i_pages);
    const slot = slotOf(machine.memory, mapping, index);
    marks.set(slot, marks.get(slot) & ~mark);
  },
);
