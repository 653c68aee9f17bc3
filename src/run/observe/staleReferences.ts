import { FILE_PAGES } from '../../kernel/state/address_space.ts';
import { HOLDER_RUNS, holder, holder_run } from '../../kernel/state/holder.ts';
import type { HolderId, Pfn } from '../../kernel/state/numbers.ts';
import { SLOTS_HOLDER, slots } from '../../kernel/state/slots.ts';
import { defineStruct, type Struct } from '../../machine/field.ts';
import type { Memory } from '../../machine/memory.ts';
import { FRAME_LIMIT } from '../../machine/primitives/bytes.ts';

/**
 * References that outlived what they were taken on: their block was freed, or went to another page of a file. Each is
 * numbered `holder * FRAME_LIMIT + frame`.
 */
export const stale_reference: Struct<number, 'was'> = defineStruct<number, 'was'>(
  'stale_reference',
  { doc: 'a page reference that user space holds on a block that its file has lost' },
  { was: { doc: 'what it was taken on: number of the file’s name * FILE_PAGES + page, plus 1', wide: true } },
);

/** What a stale reference was taken on. */
export interface FormerPage {
  /** Number of the file's name in the test, plus 1; 0 if it is not known. */
  readonly name: number;
  readonly index: number;
}

/** Remembers which holders hold blocks that their files have lost meanwhile. */
export class StaleReferences {
  private readonly memory: Memory;
  private readonly was: (typeof stale_reference)['was'];

  constructor(memory: Memory) {
    this.memory = memory;
    this.was = memory.of(stale_reference).was;
    memory.watch(memory.of(holder).kind, (owner, _before, after) => {
      if (after === 0) this.forget(owner);
    });
  }

  /** A file has lost a page: whoever holds the frame holds something else from now on. Whether anybody does. */
  mark(pfn: Pfn, { name, index }: FormerPage): boolean {
    const owners = [...this.holdersOf(pfn)];
    for (const owner of owners) this.was.set(owner * FRAME_LIMIT + pfn, name * FILE_PAGES + index + 1);
    return owners.length > 0;
  }

  /** What a holder took a frame as, if it is something else by now; undefined if it is not. */
  formerOf(owner: HolderId, pfn: Pfn): FormerPage | undefined {
    const was = this.was.get(owner * FRAME_LIMIT + pfn) - 1;
    return was < 0 ? undefined : { name: Math.floor(was / FILE_PAGES), index: was % FILE_PAGES };
  }

  /** The frames of `[first, end)` that holders hold, once for each. */
  *framesHeld(first: Pfn, end: Pfn): Generator<Pfn> {
    for (const run of this.runs()) {
      const last = Math.min(run.first + run.count, end);
      for (let pfn: Pfn = Math.max(run.first, first); pfn < last; pfn++) yield pfn;
    }
  }

  private *holdersOf(pfn: Pfn): Generator<HolderId> {
    for (const { owner, first, count } of this.runs()) {
      if (first <= pfn && pfn < first + count) yield owner;
    }
  }

  private *runs(): Generator<{ readonly owner: HolderId; readonly first: Pfn; readonly count: number }> {
    const { kind, runs } = this.memory.of(holder);
    const { first, count } = this.memory.of(holder_run);
    const limit = this.memory.of(slots).highest.get(SLOTS_HOLDER);
    for (let owner: HolderId = 1; owner <= limit; owner++) {
      if (kind.get(owner) === 0) continue;
      const start = owner * HOLDER_RUNS;
      for (let run = start; run < start + runs.get(owner); run++) {
        yield { owner, first: first.get(run), count: count.get(run) };
      }
    }
  }

  private forget(owner: HolderId): void {
    const start = owner * FRAME_LIMIT;
    for (const reference of this.memory.touchedIn(stale_reference, start, start + FRAME_LIMIT)) {
      this.was.set(reference, 0);
    }
  }
}
