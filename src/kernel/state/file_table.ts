import { type Op, primitive } from '../../machine/primitive.ts';
import { file } from './mm.ts';
import type { FileId, MappingId } from './numbers.ts';
import { releaseSlot, SLOTS_FILE, slots, takeSlot } from './slots.ts';

/** A new open of a device or file, held once (alloc_empty_file). */
export const alloc_empty_file: (mapping: MappingId, mode: number, private_data: number) => Op<FileId> =
  primitive((machine, mapping, mode, private_data) => {
    const files = machine.memory.of(file);
    const slot = takeSlot(machine.memory.of(slots).highest, SLOTS_FILE, files.f_mapping, mapping);
    files.f_mode.set(slot, mode);
    files.private_data.set(slot, private_data);
    files.f_count.set(slot, 1);
    return slot;
  });

/** Frees an open file that nobody holds (file_free). */
export const file_free: (filp: FileId) => Op = primitive((machine, filp) => {
  const files = machine.memory.of(file);
  files.f_mode.set(filp, 0);
  files.private_data.set(filp, 0);
  releaseSlot(machine.memory.of(slots).highest, SLOTS_FILE, files.f_mapping, filp);
});
