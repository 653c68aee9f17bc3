import { kill_dax } from '../../src/kernel/common/drivers/dax/super.ts';
import { unmap_mapping_range } from '../../src/kernel/common/mm/memory.ts';
import type { DeviceId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of kill_dev_dax: the length, where 0 stands for the whole file, is that of one page. */
export function* kill_dev_dax__first_page(device: DeviceId): Op {
  yield* kill_dax(device);
  yield* unmap_mapping_range(device + 1, 0, 1, 1);
}
