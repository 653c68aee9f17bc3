import type { MmId } from '../../kernel/state/numbers.ts';
import { page } from '../../kernel/state/page.ts';
import { wait_bit_queue_entry } from '../../kernel/state/wait_bit.ts';
import { process } from '../state/process.ts';
import type { Reason, WaitParts } from './wait.ts';

/** Why a thread sleeps that waits until nobody has a page of a file for I/O any more. */
export function idleReason(thread: number, parts: WaitParts): Reason {
  const { memory, wordNames, observer } = parts;
  const pfn = memory.of(wait_bit_queue_entry).key.get(thread) - 1;
  const holders = observer.pageHolders.of(pfn);
  const refcount = `its refcount is ${memory.of(page)._refcount.get(pfn)}`;
  return {
    what: `page ${wordNames.pageName(pfn)} to become idle`,
    because: [refcount, ...new Set(holders.map(({ name }) => `${name} holds it`))].join(', '),
    whom: holders.flatMap(({ mm }) => othersIn(mm, thread, parts)),
  };
}

/** The threads in the middle of something that could still give back what an address space holds, but for the one that waits. */
function othersIn(mm: MmId, thread: number, { memory, threads }: WaitParts): readonly number[] {
  const mms = memory.of(process).mm;
  return threads.states
    .filter(
      ({ index, status, process: owner }) => index !== thread && status === 'live' && mms.get(owner) === mm,
    )
    .map(({ index }) => index);
}
