/**
 * Linux kernels of x86-64 machines, read from outside: struct pages, page-table entries and processes, found in the
 * memory of a QEMU guest, in a core file or in /proc/kcore. Nothing but the memory is needed: no debug symbols, no help
 * from inside. Only `openFile` uses Node.
 */

export type { Enumerator, KernelTypes, Member } from './btf/kernelTypes.ts';
export { kernelTypes } from './btf/kernelTypes.ts';
export { parseBtf } from './btf/typeTable.ts';
export { InspectError } from './inspectError.ts';
export type { Pfn, PhysicalAddress, VirtualAddress } from './memory/addresses.ts';
export { type ByteSource, bytesAsSource } from './memory/byteSource.ts';
export { type ElfCore, openElfCore } from './memory/elfCore.ts';
export { type OpenFile, openFile } from './memory/file.ts';
export type { PhysicalMemory, PhysicalRange, VirtualMemory } from './memory/physicalMemory.ts';
export { type QemuMachine, qemuRam } from './memory/qemuRam.ts';
export { type MemorySegment, segmentedMemory } from './memory/segments.ts';
export { type InspectedKernel, openKernel } from './openKernel.ts';
export type { FolioCounts, InspectedPage, LargeFolioCounts } from './page/inspectedPage.ts';
export type { StructPages } from './page/readPage.ts';
export type { PageTableEntry } from './pageTables/entry.ts';
export type { Level } from './pageTables/walk.ts';
export type { InspectedProcess } from './process/inspectedProcess.ts';
export type { Symbols } from './symbols/kallsyms.ts';
