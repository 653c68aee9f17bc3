import { defineStruct, type Struct } from '../../machine/field.ts';
import type { Memory } from '../../machine/memory.ts';
import { blocking, type Op, primitive } from '../../machine/primitive.ts';
import type { Cpu, IPagesSlot } from './numbers.ts';

/**
 * struct wait_exceptional_entry_queue (fs/dax.c), one a CPU: its thread waits for one entry at most. The kernel hashes
 * the queues and tells waiters in one queue apart by their keys; here every key has a queue of its own.
 */
export const wait_exceptional_entry_queue: Struct<Cpu, 'key' | 'turn' | 'woken'> = defineStruct<
  Cpu,
  'key' | 'turn' | 'woken'
>(
  'wait_exceptional_entry_queue',
  {
    doc: 'struct wait_exceptional_entry_queue, fs/dax.c: a thread that waits for a DAX entry to be unlocked',
  },
  {
    key: {
      doc: 'the i_pages slot of the entry as the waiter names it; 0 while the thread is in no queue',
      wide: true,
    },
    turn: {
      doc: 'its place in that queue, from 1: exclusive waiters are woken in this order; 0 = woken with the next of them',
    },
    woken: { doc: '1 once it was woken, which takes it out of the queue' },
  },
);

/** Queues the thread behind all who wait for that key already (prepare_to_wait_exclusive, TASK_UNINTERRUPTIBLE). */
export const prepare_to_wait_exclusive: (key: IPagesSlot) => Op = primitive((machine, key) => {
  const queue = machine.memory.of(wait_exceptional_entry_queue);
  let waiters = 0;
  for (let waiter = 0; waiter < machine.cpus; waiter++) {
    if (queue.key.get(waiter) === key && queue.turn.get(waiter) !== 0) waiters++;
  }
  queue.key.set(machine.cpu, key);
  queue.turn.set(machine.cpu, waiters + 1);
});

/** Queues the thread before all who wait for that key exclusively: its being woken is nobody else's (prepare_to_wait). */
export const prepare_to_wait: (key: IPagesSlot) => Op = primitive((machine, key) => {
  const queue = machine.memory.of(wait_exceptional_entry_queue);
  queue.key.set(machine.cpu, key);
  queue.turn.set(machine.cpu, 0);
});

/** Sleeps until the thread is woken, which may have been before (schedule, finish_wait). */
export const schedule_until_entry_wakes: () => Op = blocking((machine) => {
  const { woken } = machine.memory.of(wait_exceptional_entry_queue);
  if (woken.get(machine.cpu) === 0) return false;
  woken.set(machine.cpu, 0);
  return true;
});

/** Wakes a waiter, who leaves the queue; all behind move up (autoremove_wake_function). */
function wake(memory: Memory, cpus: number, woken: Cpu): void {
  const queue = memory.of(wait_exceptional_entry_queue);
  const key = queue.key.get(woken);
  const turn = queue.turn.get(woken);
  for (let waiter = 0; waiter < cpus; waiter++) {
    const other = queue.turn.get(waiter);
    if (queue.key.get(waiter) === key && turn !== 0 && other > turn) queue.turn.set(waiter, other - 1);
  }
  queue.key.set(woken, 0);
  queue.turn.set(woken, 0);
  queue.woken.set(woken, 1);
}

/**
 * Wakes the first of those who wait for a key exclusively, or all of them if `all`, and everyone who waits for it otherwise
 * (__wake_up with wake_exceptional_entry_func).
 */
export const wake_up_entry_waiters: (key: IPagesSlot, all: number) => Op = primitive((machine, key, all) => {
  const queue = machine.memory.of(wait_exceptional_entry_queue);
  let woken = 0;
  for (let waiter = 0; waiter < machine.cpus; waiter++) {
    if (queue.key.get(waiter) !== key) continue;
    const turn = queue.turn.get(waiter);
    if (turn > 1 && all === 0) continue;
    if (turn === 1 && all === 0 && woken++ > 0) continue;
    wake(machine.memory, machine.cpus, waiter);
  }
});
