import type { KernelTypes } from '../btf/kernelTypes.ts';
import type { VirtualAddress } from '../memory/addresses.ts';
import { readS32, readS64, readU32, readU64 } from '../memory/littleEndian.ts';
import type { VirtualMemory } from '../memory/physicalMemory.ts';
import type { Symbols } from '../symbols/kallsyms.ts';

/** CPUs that a kernel can be built for. */
const MOST_CPUS = 8192;

/** Where a kernel counts the file pages of an address space. Offsets in bytes. */
interface FilePageCounter {
  /** The counter within mm_struct. */
  readonly place: bigint;
  readonly size: number;
  /** What all CPUs have counted together. */
  readonly sum: number;
  /** Where each CPU has what it keeps to itself. */
  readonly ownCounts: number;
  /** Addresses of the distance to each CPU's own data, and of the number of CPUs. */
  readonly perCpuOffsets: VirtualAddress;
  readonly cpuCount: VirtualAddress;
}

/** Undefined in kernels that count in another way. */
function findCounter(types: KernelTypes, symbols: Symbols): FilePageCounter | undefined {
  const counters = types.findMember('mm_struct', 'rss_stat');
  const filePages = types.constant('MM_FILEPAGES');
  const perCpuOffsets = symbols.find('__per_cpu_offset');
  const cpuCount = symbols.find('nr_cpu_ids');
  if (counters === undefined || filePages === undefined) return undefined;
  if (perCpuOffsets === undefined || cpuCount === undefined) return undefined;
  const size = types.sizeOf('percpu_counter');
  return {
    place: BigInt(counters.offset + filePages * size),
    size,
    sum: types.member('percpu_counter', 'count').offset,
    ownCounts: types.member('percpu_counter', 'counters').offset,
    perCpuOffsets,
    cpuCount,
  };
}

/**
 * Reads the sum of `mm->rss_stat[MM_FILEPAGES]`: what all CPUs have counted together and what each keeps to itself.
 * Undefined, as is a sum, in kernels that count in another way.
 *
 * Linux: lib/percpu_counter.c __percpu_counter_sum (6.16)
 */
export function filePagesReader(
  kernel: VirtualMemory,
  types: KernelTypes,
  symbols: Symbols,
): (mm: VirtualAddress) => number | undefined {
  let found: { readonly counter: FilePageCounter | undefined } | undefined;

  return (mm) => {
    // Looked up when it is first needed: to find a constant takes a look at all enums.
    found ??= { counter: findCounter(types, symbols) };
    return found.counter === undefined ? undefined : readSum(kernel, found.counter, mm);
  };
}

function readSum(kernel: VirtualMemory, counter: FilePageCounter, mm: VirtualAddress): number | undefined {
  const bytes = kernel.read(mm + counter.place, counter.size);
  const cpuCount = kernel.read(counter.cpuCount, 4);
  if (bytes === undefined || cpuCount === undefined) return undefined;
  const cpus = Math.min(readU32(cpuCount, 0), MOST_CPUS);
  const offsets = kernel.read(counter.perCpuOffsets, cpus * 8);
  if (offsets === undefined) return undefined;
  let pages = Number(readS64(bytes, counter.sum));
  for (let cpu = 0; cpu < cpus; cpu++) {
    const address = BigInt.asUintN(64, readU64(bytes, counter.ownCounts) + readU64(offsets, cpu * 8));
    const own = kernel.read(address, 4);
    if (own !== undefined) pages += readS32(own, 0);
  }
  return pages;
}
