import { defineStruct, type Struct } from '../../machine/field.ts';
import type { Machine } from '../../machine/machine.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import { PRIVATE_STRIDE } from '../../machine/primitives/own.ts';
import { gup_pages } from './gather.ts';
import type { HolderId, HolderRun, MmId, Pfn } from './numbers.ts';
import { PIPE_BUFFERS, pipe_buffer } from './pipe_buffer.ts';
import { releaseSlot, SLOTS_HOLDER, slots, takeSlot } from './slots.ts';

/** Runs of neighbouring pages that one holder may keep. */
export const HOLDER_RUNS = 4096;

/** What holds references: the caller of GUP himself, by FOLL_GET or FOLL_PIN, a pipe, an io_uring, an I/O in flight. */
export const HOLDER_GET = 1;
export const HOLDER_PIN = 2;
export const HOLDER_PIPE = 3;
export const HOLDER_RING = 4;
export const HOLDER_REQUEST = 5;
/** An io_uring that is closed, and whose exit work still has to run. */
export const HOLDER_RING_EXIT = 6;

type HolderField =
  | 'kind'
  | 'runs'
  | 'pages'
  | 'mm'
  | 'dirty'
  | 'per_folio'
  | 'offset'
  | 'length'
  | 'lock'
  | 'read_byte';

/** Page references that user space holds through a pipe, a registered buffer or an I/O in flight. */
export const holder: Struct<HolderId, HolderField> = defineStruct<HolderId, HolderField>(
  'holder',
  { doc: 'what a pipe, a registered buffer or an I/O in flight keeps of GUP’s pages array' },
  {
    kind: {
      doc: 'HOLDER_ kind; HOLDER_GET and HOLDER_PIPE hold by FOLL_GET, the others by FOLL_PIN; 0 = free',
    },
    runs: { doc: 'runs of pages in use' },
    pages: { doc: 'references held: pages, or with per_folio folios', wide: true },
    mm: { doc: 'address space whose exit closes it' },
    dirty: { doc: '1 if the pages are marked dirty on release (pinned for write)' },
    per_folio: { doc: '1 if one reference stands for all pages of a folio among its runs' },
    offset: { doc: 'where its bytes begin in its first page; of a pipe, see pipe_buffer' },
    length: { doc: 'its bytes; of an I/O, its result' },
    lock: { doc: 'pipe->mutex', discipline: 'lock' },
    read_byte: { doc: 'first byte that the last read of a pipe copied to its reader; 0 if none' },
  },
);

export const holder_run: Struct<HolderRun, 'first' | 'count'> = defineStruct<HolderRun, 'first' | 'count'>(
  'holder_run',
  { doc: 'neighbouring pages of a holder, in the order of the user addresses' },
  {
    first: { doc: 'first frame', wide: true },
    count: { doc: 'frames, one reference each' },
  },
);

/*
 * The steps below hand pages between a holder and the array of the running call. They are the model's own bookkeeping:
 * the kernel has these pages in arrays of many shapes, which none but their owner sees.
 */

interface Run {
  readonly first: Pfn;
  readonly count: number;
}

function takeArray(machine: Machine): Run[] {
  const { first, count } = machine.memory.of(gup_pages);
  const base = machine.cpu * PRIVATE_STRIDE;
  const runs: Run[] = [];
  const number = count.get(base);
  for (let run = 1; run <= number; run++) {
    runs.push({ first: first.get(base + run), count: count.get(base + run) });
    first.set(base + run, 0);
    count.set(base + run, 0);
  }
  count.set(base, 0);
  return runs;
}

function setArray(machine: Machine, runs: readonly Run[]): void {
  const { first, count } = machine.memory.of(gup_pages);
  const base = machine.cpu * PRIVATE_STRIDE;
  runs.forEach((run, position) => {
    first.set(base + position + 1, run.first);
    count.set(base + position + 1, run.count);
  });
  count.set(base, runs.length);
}

function runsOf(machine: Machine, owner: HolderId): Run[] {
  const { first, count } = machine.memory.of(holder_run);
  const base = owner * HOLDER_RUNS;
  const number = machine.memory.of(holder).runs.get(owner);
  return Array.from({ length: number }, (_, run) => ({
    first: first.get(base + run),
    count: count.get(base + run),
  }));
}

function setRuns(machine: Machine, owner: HolderId, runs: readonly Run[]): void {
  if (runs.length > HOLDER_RUNS) throw new Error('pages of a holder lie too far apart: raise HOLDER_RUNS');
  const { first, count } = machine.memory.of(holder_run);
  const holders = machine.memory.of(holder);
  const base = owner * HOLDER_RUNS;
  const before = holders.runs.get(owner);
  for (let run = 0; run < Math.max(before, runs.length); run++) {
    first.set(base + run, runs[run]?.first ?? 0);
    count.set(base + run, runs[run]?.count ?? 0);
  }
  holders.runs.set(owner, runs.length);
}

function pagesOf(runs: readonly Run[]): number {
  return runs.reduce((pages, { count }) => pages + count, 0);
}

/** The first `pages` pages of some runs, and what is left of them. */
function splitRuns(runs: readonly Run[], pages: number): readonly [Run[], Run[]] {
  const front: Run[] = [];
  const back: Run[] = [];
  let wanted = pages;
  for (const { first, count } of runs) {
    const taken = Math.min(count, wanted);
    if (taken > 0) front.push({ first, count: taken });
    if (taken < count) back.push({ first: first + taken, count: count - taken });
    wanted -= taken;
  }
  return [front, back];
}

/** A new holder without pages. */
export const holder_create: (kind: number, mm: MmId) => Op<HolderId> = primitive((machine, kind, mm) => {
  const holders = machine.memory.of(holder);
  const owner = takeSlot(machine.memory.of(slots).highest, SLOTS_HOLDER, holders.kind, kind);
  holders.mm.set(owner, mm);
  return owner;
});

/** Appends the first `pages` pages of the caller's array to a holder; the others stay in the array. */
export function appendPages(machine: Machine, owner: HolderId, pages: number): void {
  const [front, back] = splitRuns(takeArray(machine), pages);
  setArray(machine, back);
  setRuns(machine, owner, [...runsOf(machine, owner), ...front]);
  const held = machine.memory.of(holder).pages;
  held.set(owner, held.get(owner) + pagesOf(front));
}

/** The same as a step. */
export const holder_append: (owner: HolderId, pages: number) => Op = primitive(appendPages);

/** Moves the first page of a holder to the caller's array. */
export function takeFirstPage(machine: Machine, owner: HolderId): void {
  const [front, back] = splitRuns(runsOf(machine, owner), 1);
  setArray(machine, front);
  setRuns(machine, owner, back);
  const held = machine.memory.of(holder).pages;
  held.set(owner, held.get(owner) - 1);
}

/** Page number `position` of a holder, from 0; -1 if it has no such page. */
export const holder_page: (owner: HolderId, position: number) => Op<Pfn> = primitive(
  (machine, owner, position) => {
    let before = 0;
    for (const { first, count } of runsOf(machine, owner)) {
      if (position < before + count) return first + position - before;
      before += count;
    }
    return -1;
  },
);

/** Frees a holder and moves all its pages to the caller's array: 1; 0 if it is not, or no longer, of that kind. */
export const holder_close: (owner: HolderId, kind: number) => Op<number> = primitive(
  (machine, owner, kind) => {
    const holders = machine.memory.of(holder);
    if (holders.kind.get(owner) !== kind) return 0;
    setArray(machine, runsOf(machine, owner));
    setRuns(machine, owner, []);
    const { pages, mm, dirty, per_folio, offset, length, lock, read_byte } = holders;
    for (const field of [pages, mm, dirty, per_folio, offset, length, lock, read_byte]) field.set(owner, 0);
    machine.memory.forget(pipe_buffer, owner * PIPE_BUFFERS, (owner + 1) * PIPE_BUFFERS);
    releaseSlot(machine.memory.of(slots).highest, SLOTS_HOLDER, holders.kind, owner);
    return 1;
  },
);

function firstHolder(machine: Machine, mm: MmId, matches: (kind: number) => boolean): HolderId {
  const holders = machine.memory.of(holder);
  const limit = machine.memory.of(slots).highest.get(SLOTS_HOLDER);
  for (let owner: HolderId = 1; owner <= limit; owner++) {
    if (matches(holders.kind.get(owner)) && holders.mm.get(owner) === mm) return owner;
  }
  return 0;
}

/** The first holder that goes with an address space, or 0. */
export const holder_of_mm: (mm: MmId) => Op<HolderId> = primitive((machine, mm) =>
  firstHolder(machine, mm, (kind) => kind !== 0),
);

/** The first holder of that kind that goes with an address space, or 0. */
export const holder_of_kind: (mm: MmId, kind: number) => Op<HolderId> = primitive((machine, mm, wanted) =>
  firstHolder(machine, mm, (kind) => kind === wanted),
);
