import type { Op } from '../../../machine/primitive.ts';
import { metadata_revert, pages_forget } from '../../state/durable.ts';
import { power_fail } from '../../state/medium.ts';
import { memmap_init_zone_device } from '../../state/memmap.ts';
import type { DeviceId } from '../../state/numbers.ts';

/**
 * What a power loss and the boot after it make of a pmem device and its file system: bytes, blocks and sizes are those that
 * were durable, and no page is in memory. Nobody may have a file of it open or mapped any more, or a page of it: the
 * programs are gone.
 */
export function* power_loss(device: DeviceId): Op {
  yield* power_fail(device);
  yield* metadata_revert(device);
  yield* pages_forget(device);
  yield* memmap_init_zone_device(device);
}
