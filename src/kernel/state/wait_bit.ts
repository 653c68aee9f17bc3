import { defineStruct, type Struct } from '../../machine/field.ts';
import { blocking, type Op, primitive } from '../../machine/primitive.ts';
import type { Cpu, Pfn } from './numbers.ts';

/** struct wait_bit_queue_entry (include/linux/wait_bit.h), one a CPU: its thread waits for one variable at most. */
export const wait_bit_queue_entry: Struct<Cpu, 'key' | 'woken'> = defineStruct<Cpu, 'key' | 'woken'>(
  'wait_bit_queue_entry',
  {
    doc: 'struct wait_bit_queue_entry, include/linux/wait_bit.h: a thread that waits for a folio to become idle',
  },
  {
    key: { doc: 'frame of the folio, plus 1; 0 while the thread is in no queue', wide: true },
    woken: { doc: '1 once wake_up_var found it there, which takes it out' },
  },
);

/**
 * Wakes every thread that waits for a folio (wake_up_var on the folio's page or refcount). One step: the kernel
 * goes through the queue under its lock. Who is not in the queue yet misses it, so waiters look again after queueing.
 */
export const wake_up_var: (folio: Pfn) => Op = primitive((machine, folio) => {
  const { key, woken } = machine.memory.of(wait_bit_queue_entry);
  for (let waiter = 0; waiter < machine.cpus; waiter++) {
    if (key.get(waiter) !== folio + 1) continue;
    key.set(waiter, 0);
    woken.set(waiter, 1);
  }
});

/** Puts the thread into the queue of a folio; whoever wakes it from now on is not missed (prepare_to_wait_event). */
export const prepare_to_wait_event: (folio: Pfn) => Op = primitive((machine, folio) => {
  const { key, woken } = machine.memory.of(wait_bit_queue_entry);
  key.set(machine.cpu, folio + 1);
  woken.set(machine.cpu, 0);
});

/** Sleeps until the thread has been woken since it queued, which may be before it sleeps (schedule). */
export const schedule_until_woken: () => Op = blocking((machine) => {
  const { woken } = machine.memory.of(wait_bit_queue_entry);
  if (woken.get(machine.cpu) === 0) return false;
  woken.set(machine.cpu, 0);
  return true;
});

/** Takes the thread out of the queue, woken or not (finish_wait). */
export const finish_wait: () => Op = primitive((machine) => {
  const { key, woken } = machine.memory.of(wait_bit_queue_entry);
  key.set(machine.cpu, 0);
  woken.set(machine.cpu, 0);
});
