import { defineStruct, type Struct } from '../../machine/field.ts';

/** Static data of mm/memory-failure.c; one object, number 0. */
export const memory_failure_state: Struct<number, 'mf_mutex'> = defineStruct<number, 'mf_mutex'>(
  'memory_failure_state',
  { doc: 'what mm/memory-failure.c keeps; one object, number 0', dense: true },
  { mf_mutex: { doc: 'one failure is handled at a time', discipline: 'lock' } },
);
