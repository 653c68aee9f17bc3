import { defineStruct, type Struct } from '../../machine/field.ts';

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
