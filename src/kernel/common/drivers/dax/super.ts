import type { Op } from '../../../../machine/primitive.ts';
import { atomic_andnot, atomic_or, load } from '../../../../machine/primitives/access.ts';
import {
  srcu_grace_period_begin,
  srcu_grace_period_wait,
  srcu_read_lock,
  srcu_read_unlock,
} from '../../../../machine/primitives/readers.ts';
import { dax_device } from '../../../state/dax.ts';
import type { DeviceId } from '../../../state/numbers.ts';

/** Bit of dax_device.flags: the device may be used (drivers/dax/super.c enum dax_device_flags). */
export const DAXDEV_ALIVE = 1;

/**
 * Begins a section in which a device that is found alive stays usable.
 * Linux: drivers/dax/super.c dax_read_lock (7.2).
 */
export function* dax_read_lock(): Op {
  yield* srcu_read_lock();
}

/**
 * Ends such a section.
 * Linux: drivers/dax/super.c dax_read_unlock (7.2).
 */
export function* dax_read_unlock(): Op {
  yield* srcu_read_unlock();
}

/**
 * Whether the device may be used; worth something only inside dax_read_lock.
 * Linux: drivers/dax/super.c dax_alive (7.2).
 */
export function* dax_alive(device: DeviceId): Op<number> {
  return (yield* load(dax_device.flags, device)) & DAXDEV_ALIVE;
}

/**
 * The dev_dax of a device, plus 1; 0 (NULL) while the device is dead.
 * Linux: drivers/dax/super.c dax_get_private (7.2).
 */
export function* dax_get_private(device: DeviceId): Op<number> {
  return (yield* dax_alive(device)) ? device + 1 : 0;
}

/**
 * Declares a device usable.
 * Linux: drivers/dax/super.c run_dax (7.2).
 */
export function* run_dax(device: DeviceId): Op {
  yield* atomic_or(dax_device.flags, device, DAXDEV_ALIVE);
}

/**
 * Declares a device dead, and waits for everyone who found it alive.
 * Linux: drivers/dax/super.c kill_dax (7.2). Left out: telling a file system, which device-DAX has none of.
 */
export function* kill_dax(device: DeviceId): Op {
  yield* atomic_andnot(dax_device.flags, device, DAXDEV_ALIVE);
  yield* synchronize_dax_srcu();
}

/**
 * Waits until all faults that saw the device alive have put their entry in.
 * Linux: drivers/dax/super.c kill_dax (7.2), its synchronize_srcu.
 */
export function* synchronize_dax_srcu(): Op {
  yield* srcu_grace_period_begin();
  yield* srcu_grace_period_wait();
}
