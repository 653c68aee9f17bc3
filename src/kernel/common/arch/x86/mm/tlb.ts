import type { Op } from '../../../../../machine/primitive.ts';
import { nr_cpus } from '../../../../../machine/primitives/own.ts';
import { flush_tlb_cpu } from '../../../../../machine/primitives/tlb.ts';
import type { MmId, Vaddr } from '../../../../state/numbers.ts';

/** End of a flush of all addresses, in pages. */
export const TLB_FLUSH_ALL = 34359738368;

/**
 * Makes every CPU that runs in an address space drop its translations of `[start, end)`. Each CPU is a step of its own:
 * it takes the interrupt when it can, and one may still use what another has dropped.
 * Linux: arch/x86/mm/tlb.c flush_tlb_mm_range (7.2). Left out: flushing all when the range is long, lazy CPUs,
 * hardware broadcast.
 */
export function* flush_tlb_mm_range(mm: MmId, start: Vaddr, end: Vaddr): Op {
  for (let cpu = 0; cpu < nr_cpus(); cpu++) yield* flush_tlb_cpu(cpu, mm, start, end);
}
