import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { spin_lock, spin_unlock } from '../../../../machine/primitives/locks.ts';
import { dev_dax } from '../../../state/dax.ts';
import type { DeviceId, Pfn } from '../../../state/numbers.ts';
import { EBUSY, ENODEV } from '../../include/errno.ts';
import { unmap_mapping_range } from '../../mm/memory.ts';
import { dev_dax_probe, dev_dax_release } from './device.ts';
import { kill_dax } from './super.ts';

/**
 * The frame behind page `pgoff` of a device if `nr` pages from there on lie in one range, else -1.
 * Linux: drivers/dax/bus.c dax_pgoff_to_phys (7.2); drivers/dax/device.c dax_pgoff_to_phys (6.12). Left out:
 * more than one range.
 */
export function* dax_pgoff_to_phys(device: DeviceId, pgoff: number, nr: number): Op<Pfn> {
  const nr_pages = yield* load(dev_dax.nr_pages, device);
  if (pgoff < 0 || pgoff + nr > nr_pages) return -1;
  return (yield* load(dev_dax.start_pfn, device)) + pgoff;
}

/**
 * Ends the use of a device through page tables: nobody maps a page any more, and then nobody has one mapped.
 * Linux: drivers/dax/bus.c kill_dev_dax (7.2).
 */
export function* kill_dev_dax(device: DeviceId): Op {
  yield* kill_dax(device);
  yield* unmap_mapping_range(device + 1, 0, 0, 1);
}

/**
 * Binds the device_dax driver, as a write to its `bind` file does: 0, -EBUSY if a driver is bound, or why not.
 * Linux: drivers/base/bus.c bind_store (7.2); drivers/base/dd.c device_driver_attach, really_probe (7.2).
 */
export function* device_bind(device: DeviceId): Op<number> {
  let error = -EBUSY;
  yield* spin_lock(dev_dax.device_lock, device);
  if ((yield* load(dev_dax.bound, device)) === 0) {
    yield* store(dev_dax.bound, device, 1);
    error = yield* dev_dax_probe(device);
    if (error) yield* store(dev_dax.bound, device, 0);
  }
  yield* spin_unlock(dev_dax.device_lock, device);
  return error;
}

/**
 * Unbinds the device_dax driver, as a write to its `unbind` file does: 0 when all is torn down, -ENODEV if it is not
 * bound to the device.
 * Linux: drivers/base/bus.c unbind_store (7.2); drivers/base/dd.c device_release_driver_internal (7.2).
 */
export function* device_unbind(device: DeviceId): Op<number> {
  if ((yield* load(dev_dax.bound, device)) === 0) return -ENODEV;
  yield* spin_lock(dev_dax.device_lock, device);
  if (yield* load(dev_dax.bound, device)) {
    yield* dev_dax_release(device);
    yield* store(dev_dax.bound, device, 0);
  }
  yield* spin_unlock(dev_dax.device_lock, device);
  return 0;
}
