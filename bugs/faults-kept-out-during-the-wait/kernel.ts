import type { InodeId } from '../../src/kernel/state/numbers.ts';
import { schedule_until_woken } from '../../src/kernel/state/wait_bit.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of wait_dax_page: sleeps with invalidate_lock held. */
export function* wait_dax_page__keeps_faults_out(_inode: InodeId): Op {
  yield* schedule_until_woken();
}
