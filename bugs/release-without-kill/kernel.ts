import type { DeviceId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { rcu_grace_period_begin } from '../../src/machine/primitives/readers.ts';

/** Takes the place of percpu_ref_kill: drops nothing. */
export function* percpu_ref_kill__taken_for_granted(_device: DeviceId): Op {
  yield* rcu_grace_period_begin();
}
