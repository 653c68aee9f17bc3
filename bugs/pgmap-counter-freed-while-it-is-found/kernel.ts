import {
  percpu_ref_exit,
  percpu_ref_kill,
  percpu_ref_put_many,
} from '../../src/kernel/common/lib/percpu-refcount.ts';
import { memunmap_wait, pageunmap_range, pfn_len } from '../../src/kernel/common/mm/memremap.ts';
import type { DeviceId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of memunmap_pages: the counter goes before the way to it does. */
export function* memunmap_pages__exits_first(device: DeviceId, nr_range: number): Op {
  yield* percpu_ref_kill(device);
  if (nr_range) yield* percpu_ref_put_many(device, yield* pfn_len(device));
  yield* memunmap_wait(device);
  yield* percpu_ref_exit(device);
  if (nr_range) yield* pageunmap_range(device);
}
