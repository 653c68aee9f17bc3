import type { Op } from '../../../machine/primitive.ts';
import { atomic_add, store } from '../../../machine/primitives/access.ts';
import { rcu_grace_period_begin, rcu_grace_period_wait } from '../../../machine/primitives/readers.ts';
import { dev_pagemap } from '../../state/dax.ts';
import type { DeviceId } from '../../state/numbers.ts';
import { percpu_ref_add_up, percpu_ref_sub_and_test } from '../../state/percpu_ref.ts';
import { dev_pagemap_percpu_release } from '../mm/memremap.ts';

/**
 * Sets the counter up with its initial reference.
 * Linux: lib/percpu-refcount.c percpu_ref_init (7.2).
 */
export function* percpu_ref_init(device: DeviceId): Op {
  yield* store(dev_pagemap.dying, device, 0);
  yield* store(dev_pagemap.atomic, device, 0);
  yield* store(dev_pagemap.exited, device, 0);
  yield* store(dev_pagemap.ref, device, 1);
}

/**
 * Adds references to a counter that the caller keeps alive.
 * Linux: include/linux/percpu-refcount.h percpu_ref_get_many (7.2).
 */
export function* percpu_ref_get_many(device: DeviceId, count: number): Op {
  yield* atomic_add(dev_pagemap.ref, device, count);
}

/**
 * Drops references; who sees the counter reach 0 releases it.
 * Linux: include/linux/percpu-refcount.h percpu_ref_put_many (7.2).
 */
export function* percpu_ref_put_many(device: DeviceId, count: number): Op {
  if (yield* percpu_ref_sub_and_test(device, count)) yield* dev_pagemap_percpu_release(device);
}

/**
 * Lets nobody take a reference any more, drops the initial one, and begins to add up the CPUs' counts, which has to
 * wait for an RCU grace period.
 * Linux: lib/percpu-refcount.c percpu_ref_kill_and_confirm, __percpu_ref_switch_to_atomic (7.2).
 */
export function* percpu_ref_kill(device: DeviceId): Op {
  yield* store(dev_pagemap.dying, device, 1);
  yield* rcu_grace_period_begin();
  yield* percpu_ref_put_many(device, 1);
}

/**
 * The end of what percpu_ref_kill began. Before it nobody can see the counter at 0, so that a walker which entered its
 * RCU section before the kill, as GUP-fast does with interrupts off, has left when the pgmap is found unused.
 * Linux: lib/percpu-refcount.c percpu_ref_switch_to_atomic_rcu (7.2), an RCU callback there; here the killer runs it.
 */
export function* percpu_ref_switch_to_atomic_rcu(device: DeviceId): Op {
  yield* rcu_grace_period_wait();
  if (yield* percpu_ref_add_up(device)) yield* dev_pagemap_percpu_release(device);
}

/**
 * Frees the counter.
 * Linux: lib/percpu-refcount.c percpu_ref_exit (7.2).
 */
export function* percpu_ref_exit(device: DeviceId): Op {
  yield* store(dev_pagemap.exited, device, 1);
}
