import type { DeviceId, HolderId, TableId } from '../../kernel/state/numbers.ts';
import type { Brand } from '../../machine/brand.ts';
import { defineStruct, type Struct } from '../../machine/field.ts';

/*
 * What a run keeps beside the machine while it executes. The checker goes back and forth between states, so it
 * keeps the same in shared words: they are stored, brought back and compared like all others.
 */

/** Index of a thread of the test. */
export type ThreadIndex = Brand<'ThreadIndex'>;

/** A loop of a thread: `thread * COUNTERS_PER_THREAD + loop`. */
export type CounterSlot = Brand<'CounterSlot'>;

/** More than a file can nest loops. */
export const COUNTERS_PER_THREAD = 1024;

export const test_thread: Struct<ThreadIndex, 'status' | 'position' | 'left'> = defineStruct<
  ThreadIndex,
  'status' | 'position' | 'left'
>(
  'test_thread',
  { doc: 'where one thread of the litmus test stands' },
  {
    status: { doc: '0 absent, 1 live, 2 joining, 3 finished' },
    position: { doc: 'its next instruction' },
    left: { doc: '1 once it has left its process' },
  },
);

export const test_counter: Struct<CounterSlot, 'rounds'> = defineStruct<CounterSlot, 'rounds'>(
  'test_counter',
  { doc: 'one loop of a thread of the litmus test' },
  { rounds: { doc: 'rounds left', wide: true } },
);

/** A folio of a device as it was laid out, numbered across all devices. */
export const watched_unit: Struct<number, 'entries' | 'translations' | 'judged'> = defineStruct<
  number,
  'entries' | 'translations' | 'judged'
>(
  'watched_unit',
  { doc: 'what is really there of a folio, beside what the kernel counts' },
  {
    entries: { doc: 'entries of page tables that map any part of it' },
    translations: { doc: 'TLB entries that translate to any part of it' },
    judged: { doc: '1 once a declared hazard was seen on it' },
  },
);

export const watched_table: Struct<TableId, 'mm' | 'base'> = defineStruct<TableId, 'mm' | 'base'>(
  'watched_table',
  { doc: 'where a page table hangs' },
  { mm: { doc: 'address space' }, base: { doc: 'first page that it maps', wide: true } },
);

type PgmapKnowledgeField = 'own' | 'established' | 'killer' | 'generation';

export const watched_pgmap: Struct<DeviceId, PgmapKnowledgeField> = defineStruct<
  DeviceId,
  PgmapKnowledgeField
>(
  'watched_pgmap',
  { doc: 'what the kernel does not write down of a pgmap' },
  {
    own: { doc: 'references that the pgmap keeps itself', wide: true },
    established: { doc: '1 once it has had all of them' },
    killer: { doc: 'who began to tear it down' },
    generation: { doc: 'how often the device has got struct pages' },
  },
);

export const watched_holder: Struct<HolderId, 'generation'> = defineStruct<HolderId, 'generation'>(
  'watched_holder',
  { doc: 'what is known of a holder of pages' },
  { generation: { doc: 'generation of the device that its first page belonged to when it was taken' } },
);

/** A property, by its position among all properties. */
export const test_hazard: Struct<number, 'seen'> = defineStruct<number, 'seen'>(
  'test_hazard',
  { doc: 'a property that the litmus test declares to be broken' },
  { seen: { doc: '1 once it was broken' } },
);

/** What is remembered of the operation that a thread is in. */
export const test_trail: Struct<number, 'unit'> = defineStruct<number, 'unit'>(
  'test_trail',
  { doc: 'what the operation of a thread of the litmus test is at', private: true },
  { unit: { doc: 'the folio whose words it changed last, plus 1; 0 for none', wide: true } },
);
