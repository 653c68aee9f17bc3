import type { Op } from '../../../machine/primitive.ts';
import type { MmId, Vaddr } from '../../state/numbers.ts';
import { mm_get_unmapped_area } from '../arch/x86/kernel/sys_x86_64.ts';
import { HPAGE_PMD_NR } from '../include/pgtable_types.ts';

/** Pages from `from` on to the next place where `unit` divides. Linux: include/linux/math.h round_up (7.2). */
export function pages_to_unit(from: number, unit: number): number {
  return (unit - (from % unit)) % unit;
}

/**
 * Where `length` pages of a file from page `pgoff` on are to be mapped: if a huge page lies among them, so that its address
 * is aligned like its place in the file. An address or -ENOMEM.
 * Linux: mm/huge_memory.c thp_get_unmapped_area (7.2).
 */
export function* thp_get_unmapped_area(
  mm: MmId,
  hint: Vaddr,
  length: number,
  pgoff: number,
  flags: number,
): Op<number> {
  if (pgoff + length < pgoff + pages_to_unit(pgoff, HPAGE_PMD_NR) + HPAGE_PMD_NR) {
    return yield* mm_get_unmapped_area(mm, hint, length, flags);
  }
  const address = yield* mm_get_unmapped_area(mm, hint, length + HPAGE_PMD_NR, flags);
  if (address < 0) return yield* mm_get_unmapped_area(mm, hint, length, flags);
  if (address === hint) return address;
  const shift = pages_to_unit(address - pgoff, HPAGE_PMD_NR);
  return address + (shift === 0 ? HPAGE_PMD_NR : shift);
}
