import { InspectError } from '../inspectError.ts';
import type { ByteSource } from './byteSource.ts';
import type { PhysicalMemory } from './physicalMemory.ts';
import { segmentedMemory } from './segments.ts';

/** Machine types of QEMU whose address map is known here. */
export type QemuMachine = 'pc' | 'q35';

const GIB = 2 ** 30;

/** From how much memory on a machine moves some of it above 4 GiB, and how much stays below. */
const LOW_MEMORY: Readonly<Record<QemuMachine, { readonly all: number; readonly split: number }>> = {
  pc: { all: 3.5 * GIB, split: 3 * GIB },
  q35: { all: 2.75 * GIB, split: 2 * GIB },
};

/**
 * The memory of a QEMU guest whose only `memory-backend-file` is shared. The file holds it without the hole below
 * 4 GiB in which the devices are: what has no room below the hole continues at 4 GiB.
 *
 * @param size bytes of the guest's memory, which is the size of the file
 * @throws InspectError when the size is none that QEMU would take
 */
export function qemuRam(source: ByteSource, machine: QemuMachine, size: number): PhysicalMemory {
  if (!Number.isSafeInteger(size) || size <= 0)
    throw new InspectError(`a guest has a positive number of bytes of memory, not ${size}`);
  const { all, split } = LOW_MEMORY[machine];
  if (size < all) return segmentedMemory(source, [{ physicalAddress: 0, fileOffset: 0, bytes: size }]);
  return segmentedMemory(source, [
    { physicalAddress: 0, fileOffset: 0, bytes: split },
    { physicalAddress: 4 * GIB, fileOffset: split, bytes: size - split },
  ]);
}
