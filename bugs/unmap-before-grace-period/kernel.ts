import { DAXDEV_ALIVE, kill_dax, synchronize_dax_srcu } from '../../src/kernel/common/drivers/dax/super.ts';
import { unmap_mapping_range } from '../../src/kernel/common/mm/memory.ts';
import { dax_device } from '../../src/kernel/state/dax.ts';
import type { DeviceId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { atomic_andnot } from '../../src/machine/primitives/access.ts';

/** Takes the place of kill_dax: waits for nobody. */
export function* kill_dax__without_wait(device: DeviceId): Op {
  yield* atomic_andnot(dax_device.flags, device, DAXDEV_ALIVE);
}

/** Takes the place of kill_dev_dax: the wait comes behind the unmapping. */
export function* kill_dev_dax__waits_last(device: DeviceId): Op {
  yield* kill_dax(device);
  yield* unmap_mapping_range(device + 1, 0, 0, 1);
  yield* synchronize_dax_srcu();
}
