import { readKernelBtf } from './btf/findBtf.ts';
import { type KernelTypes, kernelTypes } from './btf/kernelTypes.ts';
import { InspectError } from './inspectError.ts';
import { type KernelSpace, openKernelSpace } from './kernelSpace.ts';
import { PAGE_SIZE, type Pfn } from './memory/addresses.ts';
import { readU64 } from './memory/littleEndian.ts';
import type { PhysicalMemory, VirtualMemory } from './memory/physicalMemory.ts';
import type { FolioCounts, InspectedPage } from './page/inspectedPage.ts';
import { pageReader, type StructPages, smallCountsIn, type Vmemmap } from './page/readPage.ts';
import { structPageOf } from './page/structPage.ts';
import type { InspectedProcess } from './process/inspectedProcess.ts';
import { processFinder } from './process/processes.ts';
import { readKallsyms, type Symbols } from './symbols/kallsyms.ts';
import { findVmcoreinfo } from './vmcoreinfo/findVmcoreinfo.ts';
import { parseVmcoreinfo, type Vmcoreinfo } from './vmcoreinfo/vmcoreinfo.ts';

/** A Linux kernel of an x86-64 machine, seen through the machine's memory, while it runs or after. */
export interface InspectedKernel {
  /** As `uname -r` prints it. */
  readonly release: string;
  /**
   * The struct page of a frame and its folio, read anew at each call. Undefined when there is none (any more): no such
   * memory, or the driver of the device is unbound.
   */
  readonly page: (pfn: Pfn) => InspectedPage | undefined;
  /**
   * The bytes of the struct pages of `count` frames from one on, for who asks only whether anything has changed. Undefined
   * when one of them has none.
   */
  readonly structPages: (pfn: Pfn, count: number) => Uint8Array | undefined;
  /** What the folio of a frame counts, for who reads very many: `known` are struct pages that were read just before. */
  readonly counts: (pfn: Pfn, known: StructPages) => FolioCounts | undefined;
  /**
   * The process of a number, in the initial PID namespace. Undefined when there is none or it has no address space:
   * kernel threads, and processes that have ended.
   */
  readonly process: (pid: number) => InspectedProcess | undefined;
  /** The kernel's virtual memory. */
  readonly memory: VirtualMemory;
  readonly symbols: Symbols;
  readonly types: KernelTypes;
  /**
   * The same kernel in a copy of the machine's memory: nothing is searched for again.
   *
   * @throws InspectError when the kernel is not there
   */
  readonly inCopy: (memory: PhysicalMemory) => InspectedKernel;
}

/** What of a kernel stays as it is while it runs. */
interface Constants {
  readonly vmcoreinfo: Vmcoreinfo;
  readonly symbols: Symbols;
  readonly types: KernelTypes;
}

/**
 * Finds the kernel in a machine's memory: its VMCOREINFO, its page tables, its symbols, its types. What cannot change
 * while it runs is kept, everything else is read anew.
 *
 * @param note the text of the VMCOREINFO note, where a core file has one; without it, or when it is wrong, the memory is
 * searched for another
 * @throws InspectError when there is no kernel (yet), or it lacks something that reading it takes
 */
export function openKernel(memory: PhysicalMemory, note?: string): InspectedKernel {
  const { vmcoreinfo, space } = findKernel(memory, note);
  const symbols = readKallsyms(space.memory, vmcoreinfo);
  const types = kernelTypes(readKernelBtf(space.memory, symbols));
  return kernelIn(memory, space, { vmcoreinfo, symbols, types });
}

function kernelIn(memory: PhysicalMemory, space: KernelSpace, constants: Constants): InspectedKernel {
  const { vmcoreinfo, symbols, types } = constants;
  const vmemmap = vmemmapOf(vmcoreinfo, symbols, space.memory);
  const layout = structPageOf(types);
  const page = pageReader(space.memory, layout, vmemmap);
  return {
    release: vmcoreinfo.release,
    page,
    counts: (pfn, known) => smallCountsIn(known, pfn, layout) ?? page(pfn),
    structPages: (pfn, count) =>
      pfn < 0 || pfn + count > vmemmap.frames
        ? undefined
        : space.memory.read(vmemmap.start + BigInt(pfn * layout.size), count * layout.size),
    process: processFinder({ memory, kernel: space.memory, tables: space.tables, types, symbols }),
    memory: space.memory,
    symbols,
    types,
    inCopy: (copy) => {
      const moved = openKernelSpace(copy, vmcoreinfo);
      if (moved === undefined) throw new InspectError(`kernel ${vmcoreinfo.release} is not in this memory`);
      return kernelIn(copy, moved, constants);
    },
  };
}

/** The notes that may be the kernel's, the likeliest first. */
function* candidates(memory: PhysicalMemory, note?: string): Generator<string> {
  if (note !== undefined) yield note;
  yield* findVmcoreinfo(memory);
}

function findKernel(memory: PhysicalMemory, note?: string): { vmcoreinfo: Vmcoreinfo; space: KernelSpace } {
  let stale: string | undefined;
  for (const text of candidates(memory, note)) {
    const vmcoreinfo = parseVmcoreinfo(text);
    if (vmcoreinfo === undefined) continue;
    const space = openKernelSpace(memory, vmcoreinfo);
    if (space !== undefined) return { vmcoreinfo, space };
    stale = vmcoreinfo.release;
  }
  throw new InspectError(
    stale === undefined
      ? 'no kernel in this memory: there is no VMCOREINFO note (has the kernel booted?)'
      : `only traces of a kernel ${stale} in this memory: the page tables that its VMCOREINFO names are not there`,
  );
}

/** Physical address bits where the kernel does not tell them: those of four levels of page tables. */
const DEFAULT_ADDRESS_BITS = 46n;

/** Where the array of struct pages is. */
function vmemmapOf(vmcoreinfo: Vmcoreinfo, symbols: Symbols, kernel: VirtualMemory): Vmemmap {
  const bits = vmcoreinfo.number('MAX_PHYSMEM_BITS') ?? DEFAULT_ADDRESS_BITS;
  const frames = 2 ** Number(bits) / PAGE_SIZE;
  const told = vmcoreinfo.symbol('vmemmap');
  if (told !== undefined) return { start: told, frames };
  const variable = symbols.find('vmemmap_base');
  const bytes = variable === undefined ? undefined : kernel.read(variable, 8);
  if (bytes === undefined)
    throw new InspectError('the kernel does not tell where its struct pages are (vmemmap, vmemmap_base)');
  return { start: readU64(bytes, 0), frames };
}
