import type { Brand } from '../../machine/brand.ts';
import { defineStruct, type Struct } from '../../machine/field.ts';

/** A thread at a barrier: `barrier * THREADS_PER_BARRIER + thread`. */
export type Arrival = Brand<'Arrival'>;

/** As many threads as a litmus file may have. */
export const THREADS_PER_BARRIER = 256;

/** Who has come to which barrier how often: the n-th arrival passes once everyone has arrived n times. */
export const barrier: Struct<Arrival, 'arrived'> = defineStruct<Arrival, 'arrived'>(
  'barrier',
  { doc: 'arrivals of the threads of the litmus test at its barriers' },
  { arrived: { doc: 'how often the thread has arrived' } },
);

export function arrivalOf(barrierIndex: number, thread: number): Arrival {
  return barrierIndex * THREADS_PER_BARRIER + thread;
}
