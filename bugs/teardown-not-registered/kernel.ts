import { kill_dev_dax } from '../../src/kernel/common/drivers/dax/bus.ts';
import { dev_dax_cdev_del } from '../../src/kernel/common/drivers/dax/device.ts';
import type { DeviceId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dev_dax_release: nobody calls memunmap_pages. */
export function* dev_dax_release__without_memmap(device: DeviceId): Op {
  yield* kill_dev_dax(device);
  yield* dev_dax_cdev_del(device);
}
