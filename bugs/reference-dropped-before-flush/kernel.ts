import { tlb_flush_mmu_free, tlb_flush_mmu_tlbonly } from '../../src/kernel/common/mm/mmu_gather.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of tlb_flush_mmu: what waited for the flush does not wait. */
export function* tlb_flush_mmu__frees_first(): Op {
  yield* tlb_flush_mmu_free();
  yield* tlb_flush_mmu_tlbonly();
}
