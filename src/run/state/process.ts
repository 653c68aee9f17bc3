import type { Brand } from '../../machine/brand.ts';
import { defineStruct, type Struct } from '../../machine/field.ts';

/** Index of a process in the program. */
export type ProcessIndex = Brand<'ProcessIndex'>;

/** A descriptor that is open from the start: `process * DESCRIPTORS_PER_PROCESS + device`. */
export type DescriptorSlot = Brand<'DescriptorSlot'>;

/** As many devices as a litmus file may declare. */
export const DESCRIPTORS_PER_PROCESS = 64;

/** The processes of the test. */
export const process: Struct<ProcessIndex, 'mm' | 'dying'> = defineStruct<ProcessIndex, 'mm' | 'dying'>(
  'process',
  { doc: 'one process of the litmus test (struct task_struct, signal_struct)' },
  {
    mm: { doc: 'its address space; 0 before it runs and after it is gone' },
    dying: { doc: '1 once a thread of it called exit: the others leave at the end of their operation' },
  },
);

/** The descriptors that every process has of every device. */
export const descriptor: Struct<DescriptorSlot, 'file'> = defineStruct<DescriptorSlot, 'file'>(
  'descriptor',
  { doc: 'entry of a process’s file descriptor table' },
  { file: { doc: 'the open file behind it; 0 once it is closed' } },
);

export function descriptorSlot(processIndex: ProcessIndex, device: number): DescriptorSlot {
  return processIndex * DESCRIPTORS_PER_PROCESS + device;
}
