import { defineStruct, type Struct } from '../../machine/field.ts';

/** Static data of mm/memory-failure.c; one object, number 0. */
export const memory_failure_state: Struct<number, 'mf_mutex'> = defineStruct<number, 'mf_mutex'>(
  'memory_failure_state',
  { doc: 'what mm/memory-failure.c keeps; one object, number 0', dense: true },
  { mf_mutex: { doc: 'one failure is handled at a time', discipline: 'lock' } },
);

/** What a thread knows of itself (struct task_struct, include/linux/sched.h). */
export const task_struct: Struct<number, 'pending'> = defineStruct<number, 'pending'>(
  'task_struct',
  { doc: 'struct task_struct, include/linux/sched.h, of the running thread; number 0', private: true },
  {
    pending: {
      doc: 'what the system call returns because of a signal, a SIGNAL_ number; 0 if there is none',
    },
  },
);
