import { InspectError } from '../inspectError.ts';
import type { VirtualAddress } from '../memory/addresses.ts';
import type { VirtualMemory } from '../memory/physicalMemory.ts';
import type { Symbols } from '../symbols/kallsyms.ts';
import { parseBtf, readBtfHeader, type TypeTable } from './typeTable.ts';

/** Bytes that a kernel's BTF has at most; Debian's have five million. */
const LARGEST = 256 * 2 ** 20;
const HEADER_SIZE = 24;

/**
 * Reads the BTF that a kernel carries in its image.
 *
 * @throws InspectError when there is none or it cannot be read
 */
export function readKernelBtf(kernel: VirtualMemory, symbols: Symbols): TypeTable {
  const start: VirtualAddress | undefined = symbols.find('__start_BTF');
  if (start === undefined)
    throw new InspectError('the kernel has no BTF: it was built without CONFIG_DEBUG_INFO_BTF');
  const header = kernel.read(start, HEADER_SIZE);
  const size = header === undefined ? undefined : readBtfHeader(header)?.size;
  if (size === undefined || size > LARGEST)
    throw new InspectError('what the kernel calls __start_BTF is no BTF: its header is damaged');
  const bytes = kernel.read(start, size);
  if (bytes === undefined) throw new InspectError('the kernel’s BTF is not whole in its memory');
  return parseBtf(bytes);
}
