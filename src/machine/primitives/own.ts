import type { Field } from '../field.ts';
import { fixed, local, pure } from '../primitive.ts';

/** Objects of a private struct that one thread may have. */
export const PRIVATE_STRIDE: number = 2 ** 24;

/** The number of the calling thread's CPU. */
export const self: () => number = fixed((machine) => machine.cpu);

/** Number of CPUs of the machine, each with a thread of its own. */
export const nr_cpus: () => number = fixed((machine) => machine.cpus);

/** Reads object `index` of a private struct of the calling thread. */
export const get: <Value extends number>(field: Field<number, Value>, index: number) => Value = local(
  (machine, field, index) => field.get(machine.cpu * PRIVATE_STRIDE + index),
);

/** Writes object `index` of a private struct of the calling thread. */
export const put: <Value extends number>(field: Field<number, Value>, index: number, value: Value) => void =
  local((machine, field, index, value) => field.set(machine.cpu * PRIVATE_STRIDE + index, value));

/** Whole quotient of two integers, rounded down: the dialect has no `/`. */
export const div: (dividend: number, divisor: number) => number = pure((dividend, divisor) =>
  Math.floor(dividend / divisor),
);

/** The smaller of two integers. */
export const min: (first: number, second: number) => number = pure((first, second) =>
  Math.min(first, second),
);

/** The greater of two integers. */
export const max: (first: number, second: number) => number = pure((first, second) =>
  Math.max(first, second),
);

/** Tells whoever watches the machine that a page fault is being handled, so that endless ones are noticed. */
export const page_fault_noticed: (vaddr: number) => void = local((machine, vaddr) =>
  machine.observer.faulted?.(machine.cpu, vaddr),
);

/** Tells whoever watches the machine that the kernel tries again without a sleep, so that endless loops are noticed. */
export const retry_noticed: () => void = local((machine) => machine.observer.retried?.(machine.cpu));

/**
 * Reports that a WARN_ON of the kernel fired if `condition` is not 0, with the page that it is about where there is one;
 * returns the condition.
 */
export const WARN_ON_ONCE: (condition: number | boolean, text: string, pfn?: number) => number = local(
  (machine, condition: number | boolean, text: string, pfn?: number) => {
    if (condition) machine.observer.warning(machine.cpu, text, pfn);
    return condition ? 1 : 0;
  },
);
