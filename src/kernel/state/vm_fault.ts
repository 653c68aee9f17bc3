import { defineStruct, type Struct } from '../../machine/field.ts';

type VmFaultField = 'pud' | 'pmd' | 'cow_page' | 'entry' | 'pfn';

/** struct vm_fault (include/linux/mm.h): lives on the stack of the thread that handles a fault, for its driver to see. */
export const vm_fault: Struct<number, VmFaultField> = defineStruct<number, VmFaultField>(
  'vm_fault',
  { doc: 'struct vm_fault, include/linux/mm.h; one object, number 0', private: true },
  {
    pud: { doc: 'slot of the PUD entry of the faulting address; 0 outside of a fault' },
    pmd: { doc: 'slot of its PMD entry; 0 until the walk is there' },
    cow_page: { doc: 'frame that a private copy is to be made in; 0 = none', wide: true },
    entry: {
      doc: 'the DAX entry that the fault holds locked, as it is to be when unlocked (a local of fs/dax.c)',
      wide: true,
    },
    pfn: {
      doc: 'frame that a synchronous fault maps once the file is durable (pfnp of dax_iomap_fault)',
      wide: true,
    },
  },
);
