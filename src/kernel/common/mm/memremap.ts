import { __init_zone_device_page } from '#scheme/mm/mm_init.ts';
import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { div, WARN_ON_ONCE } from '../../../machine/primitives/own.ts';
import {
  rcu_grace_period_begin,
  rcu_grace_period_wait,
  rcu_read_lock,
  rcu_read_unlock,
} from '../../../machine/primitives/readers.ts';
import { wait_until_set } from '../../../machine/primitives/waits.ts';
import { dev_pagemap } from '../../state/dax.ts';
import { arch_remove_memory, memmap_init_zone_device, xa_load_pgmap } from '../../state/memmap.ts';
import type { DeviceId, Pfn } from '../../state/numbers.ts';
import { percpu_ref_tryget_live_rcu } from '../../state/percpu_ref.ts';
import { ENOMEM } from '../include/errno.ts';
import {
  percpu_ref_exit,
  percpu_ref_get_many,
  percpu_ref_init,
  percpu_ref_kill,
  percpu_ref_put_many,
  percpu_ref_switch_to_atomic_rcu,
} from '../lib/percpu-refcount.ts';

/*
 * The memory map of a device (struct dev_pagemap). A pgmap has its device's number and one range; a pointer to it is
 * that number plus 1.
 */

/**
 * The pgmap that `pfn` belongs to (its number plus 1), with a reference that keeps it from being torn down; 0 if there
 * is none, or it is on its way out.
 * Linux: mm/memremap.c get_dev_pagemap (7.2).
 */
export function* get_dev_pagemap(pfn: Pfn): Op<number> {
  yield* rcu_read_lock();
  let pgmap = yield* xa_load_pgmap(pfn);
  if (pgmap && !(yield* percpu_ref_tryget_live_rcu(pgmap - 1))) pgmap = 0;
  yield* rcu_read_unlock();
  return pgmap;
}

/**
 * Drops the reference that get_dev_pagemap took; does nothing for 0.
 * Linux: include/linux/memremap.h put_dev_pagemap (7.2).
 */
export function* put_dev_pagemap(pgmap: number): Op {
  if (pgmap) yield* percpu_ref_put_many(pgmap - 1, 1);
}

/**
 * Tells memunmap_pages that the last reference is gone.
 * Linux: mm/memremap.c dev_pagemap_percpu_release (7.2).
 */
export function* dev_pagemap_percpu_release(device: DeviceId): Op {
  yield* store(dev_pagemap.done, device, 1);
}

/**
 * References that the pages of a pgmap stand for: one a compound page.
 * Linux: mm/memremap.c pfn_len (7.2).
 */
export function* pfn_len(device: DeviceId): Op<number> {
  const nr_pages = yield* load(dev_pagemap.nr_pages, device);
  return div(nr_pages, 1 << (yield* load(dev_pagemap.vmemmap_shift, device)));
}

/**
 * 1 if a live pgmap covers `pfn` already.
 * Linux: mm/memremap.c pagemap_range (7.2), its look for a conflict.
 */
export function* pagemap_conflict(pfn: Pfn): Op<number> {
  const conflict = yield* get_dev_pagemap(pfn);
  if (!WARN_ON_ONCE(conflict, 'pagemap_range: conflicting mapping in the same section')) return 0;
  yield* put_dev_pagemap(conflict);
  return 1;
}

/**
 * Gives a range of frames its struct pages, and publishes whose they are; 0 or -ENOMEM.
 * Linux: mm/memremap.c pagemap_range (7.2). Left out: System RAM in the range, memory types, the hotplug lock.
 */
export function* pagemap_range(device: DeviceId): Op<number> {
  const start = yield* load(dev_pagemap.start_pfn, device);
  const nr_pages = yield* load(dev_pagemap.nr_pages, device);
  if (yield* pagemap_conflict(start)) return -ENOMEM;
  if (yield* pagemap_conflict(start + nr_pages - 1)) return -ENOMEM;
  yield* store(dev_pagemap.published, device, 1);
  yield* __init_zone_device_page(device);
  yield* memmap_init_zone_device(device);
  yield* percpu_ref_get_many(device, yield* pfn_len(device));
  return 0;
}

/**
 * Sets up the struct pages of a device whose pgmap says type, range and vmemmap_shift; 0 or -ENOMEM.
 * Linux: mm/memremap.c memremap_pages (7.2). Left out: the checks of type and operations, more than one range.
 */
export function* memremap_pages(device: DeviceId): Op<number> {
  yield* store(dev_pagemap.done, device, 0);
  yield* percpu_ref_init(device);
  const error = yield* pagemap_range(device);
  if (error) yield* memunmap_pages(device, 0);
  return error;
}

/**
 * Takes the struct pages of a device away, and then the way to its pgmap.
 * Linux: mm/memremap.c pageunmap_range (7.2). Left out: memory types, the hotplug lock.
 */
export function* pageunmap_range(device: DeviceId): Op {
  yield* arch_remove_memory(device);
  yield* pgmap_array_delete(device);
}

/**
 * Unpublishes a pgmap; afterwards nobody is about to use what he found before.
 * Linux: mm/memremap.c pgmap_array_delete (7.2).
 */
export function* pgmap_array_delete(device: DeviceId): Op {
  yield* store(dev_pagemap.published, device, 0);
  yield* rcu_grace_period_begin();
  yield* rcu_grace_period_wait();
}

/**
 * Blocks until nobody holds a reference of the pgmap. Page references do not count: who pinned a page does not hold
 * up the teardown.
 * Linux: mm/memremap.c memunmap_pages (7.2), its wait for the completion.
 */
export function* memunmap_wait(device: DeviceId): Op {
  yield* percpu_ref_switch_to_atomic_rcu(device);
  yield* wait_until_set(dev_pagemap.done, device);
}

/**
 * Tears a pgmap down, of which `nr_range` ranges (0 or 1) were set up.
 * Linux: mm/memremap.c memunmap_pages (7.2).
 */
export function* memunmap_pages(device: DeviceId, nr_range: number): Op {
  yield* percpu_ref_kill(device);
  if (nr_range) yield* percpu_ref_put_many(device, yield* pfn_len(device));
  yield* memunmap_wait(device);
  if (nr_range) yield* pageunmap_range(device);
  yield* percpu_ref_exit(device);
}
