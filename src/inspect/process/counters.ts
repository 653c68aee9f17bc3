import type { KernelTypes } from '../btf/kernelTypes.ts';
import type { VirtualAddress } from '../memory/addresses.ts';
import { readS32, readS64, readU32, readU64 } from '../memory/littleEndian.ts';
import type { VirtualMemory } from '../memory/physicalMemory.ts';
import type { Symbols } from '../symbols/kallsyms.ts';

/** CPUs that a kernel can be built for. */
const MOST_CPUS = 8192;

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
  const counters = types.findMember('mm_struct', 'rss_stat');
  const filePages = types.constant('MM_FILEPAGES');
  const perCpuOffsets = symbols.find('__per_cpu_offset');
  const cpuCount = symbols.find('nr_cpu_ids');
  if (counters === undefined || filePages === undefined) return () => undefined;
  if (perCpuOffsets === undefined || cpuCount === undefined) return () => undefined;

  const size = types.sizeOf('percpu_counter');
  const sum = types.member('percpu_counter', 'count').offset;
  const ownCounts = types.member('percpu_counter', 'counters').offset;
  const place = BigInt(counters.offset + filePages * size);

  return (mm) => {
    const counter = kernel.read(mm + place, size);
    const cpuCountBytes = kernel.read(cpuCount, 4);
    if (counter === undefined || cpuCountBytes === undefined) return undefined;
    const cpus = Math.min(readU32(cpuCountBytes, 0), MOST_CPUS);
    const offsets = kernel.read(perCpuOffsets, cpus * 8);
    if (offsets === undefined) return undefined;
    let pages = Number(readS64(counter, sum));
    for (let cpu = 0; cpu < cpus; cpu++) {
      const address = BigInt.asUintN(64, readU64(counter, ownCounts) + readU64(offsets, cpu * 8));
      const own = kernel.read(address, 4);
      if (own !== undefined) pages += readS32(own, 0);
    }
    return pages;
  };
}
