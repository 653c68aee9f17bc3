import { CPU_LIMIT } from '../../../machine/cpus.ts';
import type { Places } from './places.ts';
import { orNone, type StructNames } from './structNames.ts';

/** CPUs, and what threads wait for. */
export function cpuNames(places: Places): Record<string, StructNames> {
  const waiter = (thread: number, field: string): string =>
    `${places.thread(thread)}.${field === 'key' ? 'waits_for' : field}`;
  return {
    cpu: {
      word: (thread, field) => `cpu ${places.thread(thread)}.${field}`,
      value: (value, field) => (field === 'address_space' ? orNone(value, (mm) => places.mm(mm)) : value),
    },
    grace_period: {
      word: (pair, field) => {
        const [owner, reader] = [pair % CPU_LIMIT, Math.floor(pair / CPU_LIMIT)];
        return `${places.thread(owner)}.${field.replace('_owes', '')} awaits ${places.thread(reader)}`;
      },
      value: yesOrNo,
    },
    wait_bit_queue_entry: {
      word: waiter,
      value: (value, field) =>
        field === 'key' ? orNone(value, (key) => places.frame(key - 1)) : yesOrNo(value),
    },
    wait_exceptional_entry_queue: {
      word: waiter,
      value: (value, field) => {
        if (field === 'key') return orNone(value, (slot) => places.entry(slot));
        return field === 'woken' ? yesOrNo(value) : value;
      },
    },
  };
}

function yesOrNo(value: number): string {
  return value === 0 ? 'no' : 'yes';
}
