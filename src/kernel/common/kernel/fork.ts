import type { Op } from '../../../machine/primitive.ts';
import {
  atomic_add,
  atomic_add_unless_zero,
  atomic_sub_and_test,
  load,
  store,
} from '../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../machine/primitives/own.ts';
import { switch_address_space } from '../../../machine/primitives/tlb.ts';
import { mm_struct } from '../../state/mm.ts';
import { allocate_mm, free_mm } from '../../state/mm_cache.ts';
import type { MmId } from '../../state/numbers.ts';
import { pagetable_alloc, pagetable_free } from '../../state/tables.ts';
import { CONFIG_FS_DAX } from '../include/config.ts';
import { dup_mmap } from '../mm/mmap/dup_mmap.ts';
import { exit_mmap } from '../mm/mmap/exit_mmap.ts';

/**
 * A new, empty address space with one user.
 * Linux: kernel/fork.c mm_alloc, mm_init (7.2).
 */
export function* mm_alloc(): Op<MmId> {
  const mm = yield* allocate_mm(yield* pagetable_alloc(4));
  yield* store(mm_struct.mm_users, mm, 1);
  return mm;
}

/**
 * The address space of a child: a copy of its parent's, with one user.
 * Linux: kernel/fork.c dup_mm (7.2). A child does not inherit that mappings to come are locked.
 */
export function* dup_mm(oldmm: MmId): Op<MmId> {
  const mm = yield* mm_alloc();
  yield* dup_mmap(mm, oldmm);
  return mm;
}

/**
 * Runs this CPU in an address space from now on; 0 is none. What it had cached of another is gone.
 * Linux: arch/x86/mm/tlb.c switch_mm_irqs_off (7.2); arch/x86/include/asm/mmu_context.h activate_mm (7.2). Left out:
 * keeping translations of several address spaces (PCID).
 */
export function* activate_mm(mm: MmId): Op {
  yield* switch_address_space(mm);
}

/**
 * One more user of an address space.
 * Linux: include/linux/sched/mm.h mmget (7.2).
 */
export function* mmget(mm: MmId): Op {
  yield* atomic_add(mm_struct.mm_users, mm, 1);
}

/**
 * One more user of an address space, unless it is being torn down; 1 if so.
 * Linux: include/linux/sched/mm.h mmget_not_zero (7.2).
 */
export function* mmget_not_zero(mm: MmId): Op<number> {
  return yield* atomic_add_unless_zero(mm_struct.mm_users, mm, 1);
}

/**
 * One user less; the last one takes the address space down.
 * Linux: kernel/fork.c mmput, __mmput (7.2).
 */
export function* mmput(mm: MmId): Op {
  if (!(yield* atomic_sub_and_test(mm_struct.mm_users, mm, 1))) return;
  yield* exit_mmap(mm);
  yield* __mmdrop(mm);
}

/**
 * Gives an address space back that is empty.
 * Linux: kernel/fork.c __mmdrop, check_mm (7.2). Left out: mm_count, the references of who is only about to use it.
 */
export function* __mmdrop(mm: MmId): Op {
  const rss = yield* load(mm_struct.rss_file, mm);
  const anon = CONFIG_FS_DAX ? yield* load(mm_struct.rss_anon, mm) : 0;
  WARN_ON_ONCE(rss !== 0 || anon !== 0, 'BUG: Bad rss-counter state');
  yield* pagetable_free(yield* load(mm_struct.pgd, mm));
  yield* free_mm(mm);
}
