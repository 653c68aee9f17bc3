import { HOLDER_RUNS, holder, holder_run } from '../../kernel/state/holder.ts';
import type { HolderId, MmId, Pfn } from '../../kernel/state/numbers.ts';
import { page } from '../../kernel/state/page.ts';
import { SLOTS_HOLDER, slots } from '../../kernel/state/slots.ts';
import { wait_bit_queue_entry } from '../../kernel/state/wait_bit.ts';
import type { Memory } from '../../machine/memory.ts';
import { process } from '../state/process.ts';
import type { Reason, WaitParts } from './wait.ts';

/** Why a thread sleeps that waits until nobody has a page of a file for I/O any more. */
export function idleReason(thread: number, parts: WaitParts): Reason {
  const { memory, wordNames } = parts;
  const pfn = memory.of(wait_bit_queue_entry).key.get(thread) - 1;
  const holders = holdersOf(memory, pfn).map((mm) => `${holderName(mm, parts)} holds it`);
  const refcount = `its refcount is ${memory.of(page)._refcount.get(pfn)}`;
  return {
    what: `page ${wordNames.pageName(pfn)} to become idle`,
    because: [refcount, ...new Set(holders)].join(', '),
    whom: [],
  };
}

/** The address spaces that references on a frame belong to. */
function holdersOf(memory: Memory, pfn: Pfn): readonly MmId[] {
  const { kind, runs, mm } = memory.of(holder);
  const { first, count } = memory.of(holder_run);
  const limit = memory.of(slots).highest.get(SLOTS_HOLDER);
  const found: MmId[] = [];
  for (let owner: HolderId = 1; owner <= limit; owner++) {
    if (kind.get(owner) === 0) continue;
    const start = owner * HOLDER_RUNS;
    for (let run = start; run < start + runs.get(owner); run++) {
      if (first.get(run) <= pfn && pfn < first.get(run) + count.get(run)) found.push(mm.get(owner));
    }
  }
  return found;
}

function holderName(mm: MmId, { memory, names, threads }: WaitParts): string {
  const mms = memory.of(process).mm;
  const main = threads.states.find(({ process: owner, role }) => role !== 'thread' && mms.get(owner) === mm);
  return main === undefined ? 'a process that is gone' : names.threadName(main.index);
}
