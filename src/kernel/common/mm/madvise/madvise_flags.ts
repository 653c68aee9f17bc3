import {
  MADV_DODUMP,
  MADV_DOFORK,
  MADV_DONTDUMP,
  MADV_DONTFORK,
  MADV_HUGEPAGE,
  MADV_NOHUGEPAGE,
  MADV_NORMAL,
  MADV_RANDOM,
  MADV_SEQUENTIAL,
} from '../../include/mman.ts';
import {
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_HUGEPAGE,
  VM_NOHUGEPAGE,
  VM_RAND_READ,
  VM_SEQ_READ,
} from '../../include/vm_flags.ts';

/**
 * The VM_ flags after an advice. MADV_KEEPONFORK, MADV_MERGEABLE and MADV_UNMERGEABLE find nothing to change.
 * Linux: mm/madvise.c madvise_vma_behavior (7.2); mm/khugepaged.c hugepage_madvise (7.2).
 */
export function madvise_flags(flags: number, behavior: number): number {
  return (flags & ~madvise_clears(behavior)) | madvise_sets(behavior);
}

/** VM_ flags that an advice does away with first. */
export function madvise_clears(behavior: number): number {
  return behavior === MADV_NORMAL || behavior === MADV_SEQUENTIAL || behavior === MADV_RANDOM
    ? VM_SEQ_READ | VM_RAND_READ
    : behavior === MADV_HUGEPAGE || behavior === MADV_NOHUGEPAGE
      ? VM_HUGEPAGE | VM_NOHUGEPAGE
      : behavior === MADV_DOFORK
        ? VM_DONTCOPY
        : behavior === MADV_DODUMP
          ? VM_DONTDUMP
          : 0;
}

/** VM_ flags that an advice sets. */
export function madvise_sets(behavior: number): number {
  return (
    (behavior === MADV_SEQUENTIAL ? VM_SEQ_READ : 0) |
    (behavior === MADV_RANDOM ? VM_RAND_READ : 0) |
    (behavior === MADV_DONTFORK ? VM_DONTCOPY : 0) |
    (behavior === MADV_DONTDUMP ? VM_DONTDUMP : 0) |
    (behavior === MADV_HUGEPAGE ? VM_HUGEPAGE : 0) |
    (behavior === MADV_NOHUGEPAGE ? VM_NOHUGEPAGE : 0)
  );
}
