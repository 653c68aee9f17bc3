import type { Brand } from '../../machine/brand.ts';
import { defineStruct, type Struct } from '../../machine/field.ts';

/** Index of a process in the program. */
export type ProcessIndex = Brand<'ProcessIndex'>;

/** An entry of a descriptor table: `process * DESCRIPTORS_PER_PROCESS + number`. */
export type DescriptorSlot = Brand<'DescriptorSlot'>;

/** Descriptors that one process may have open. */
export const DESCRIPTORS_PER_PROCESS = 4096;

/** The processes of the test. */
export const process: Struct<ProcessIndex, 'mm' | 'dying' | 'descriptors'> = defineStruct<
  ProcessIndex,
  'mm' | 'dying' | 'descriptors'
>(
  'process',
  { doc: 'one process of the litmus test (struct task_struct, signal_struct)' },
  {
    mm: { doc: 'its address space; 0 before it runs and after it is gone' },
    dying: { doc: '1 once a thread of it called exit: the others leave at the end of their operation' },
    descriptors: { doc: 'numbers of its descriptor table that were ever in use' },
  },
);

/** The descriptors of a process. Numbers from 0 are those of the devices, open from the start; others follow. */
export const descriptor: Struct<DescriptorSlot, 'file'> = defineStruct<DescriptorSlot, 'file'>(
  'descriptor',
  { doc: 'entry of a process’s file descriptor table' },
  { file: { doc: 'the open file behind it; 0 once it is closed' } },
);

export function descriptorSlot(processIndex: ProcessIndex, number: number): DescriptorSlot {
  return processIndex * DESCRIPTORS_PER_PROCESS + number;
}
