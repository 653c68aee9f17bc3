import { type Op, primitive } from '../../machine/primitive.ts';
import { dev_pagemap } from './dax.ts';
import type { DeviceId } from './numbers.ts';

/*
 * The percpu_ref of a pgmap (include/linux/percpu-refcount.h). While it is alive each CPU counts for itself and nobody
 * knows the sum; the state keeps the sum, and `atomic` says whether anyone may look at it. Each access below tests the
 * mode and counts in one step: the kernel does both inside an RCU read-side section, and whoever changes the mode waits
 * for those before he adds up.
 */

/** Takes a reference unless the counter is being killed; returns 1 if it took it (percpu_ref_tryget_live_rcu). */
export const percpu_ref_tryget_live_rcu: (device: DeviceId) => Op<number> = primitive((machine, device) => {
  const { ref, dying, exited } = machine.memory.of(dev_pagemap);
  if (exited.get(device) !== 0)
    machine.observer.warning(machine.cpu, 'percpu_ref: used after percpu_ref_exit');
  if (dying.get(device) !== 0) return 0;
  ref.set(device, ref.get(device) + 1);
  return 1;
});

/** Drops references; returns 1 if the counter is seen to have reached 0 (the counting of percpu_ref_put_many). */
export const percpu_ref_sub_and_test: (device: DeviceId, count: number) => Op<number> = primitive(
  (machine, device, count) => {
    const { ref, atomic } = machine.memory.of(dev_pagemap);
    const after = ref.get(device) - count;
    ref.set(device, after);
    return atomic.get(device) !== 0 && after === 0 ? 1 : 0;
  },
);

/** Adds up what the CPUs counted; returns 1 if nothing is left (percpu_ref_switch_to_atomic_rcu). */
export const percpu_ref_add_up: (device: DeviceId) => Op<number> = primitive((machine, device) => {
  const { ref, atomic } = machine.memory.of(dev_pagemap);
  atomic.set(device, 1);
  return ref.get(device) === 0 ? 1 : 0;
});
