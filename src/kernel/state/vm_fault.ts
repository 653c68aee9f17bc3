import { defineStruct, type Struct } from '../../machine/field.ts';

/** struct vm_fault (include/linux/mm.h): lives on the stack of the thread that handles a fault, for its driver to see. */
export const vm_fault: Struct<number, 'pud' | 'pmd'> = defineStruct<number, 'pud' | 'pmd'>(
  'vm_fault',
  { doc: 'struct vm_fault, include/linux/mm.h; one object, number 0', private: true },
  {
    pud: { doc: 'slot of the PUD entry of the faulting address; 0 outside of a fault' },
    pmd: { doc: 'slot of its PMD entry; 0 until the walk is there' },
  },
);
