import type { Mode } from './recording.ts';

/**
 * Values in which the model is known to differ from a recording for a reason that is none of the pages' own. A test holds that
 * each is still needed.
 */
export interface Exception {
  readonly scenarios: readonly string[];
  readonly modes: readonly Mode[];
  /** The recorded steps, all if there are none. */
  readonly steps?: readonly string[];
  readonly fields: RegExp;
  readonly reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    scenarios: ['fs-punch-mapped', 'fs-truncate-partial', 'madv-remove'],
    modes: ['fsdax-ext4-2m'],
    fields: /^pages|pfn_index$|pagemap$/,
    reason:
      'which free blocks a file system takes is its own choice: ext4, here without a journal, gives a large file at once the blocks that it has just given up, the model waits for their commit',
  },
  {
    scenarios: ['fs-truncate-blocked-sigkill'],
    modes: ['fsdax-ext4-4k', 'fsdax-ext4-2m', 'fsdax-xfs-4k', 'fsdax-xfs-2m'],
    steps: ['200 ms after the drain', 'munmap(m)', 'scenario process exited'],
    fields: /^pages/,
    reason:
      'no signal ends a wait in the model: a truncation whose process was killed comes to its end first',
  },
];

/** The exception that a value is; undefined for none. */
export function exceptionOf(scenario: string, mode: Mode, op: string, field: string): Exception | undefined {
  return EXCEPTIONS.find(
    ({ scenarios, modes, steps, fields }) =>
      scenarios.includes(scenario) &&
      modes.includes(mode) &&
      (steps === undefined || steps.includes(op)) &&
      fields.test(field),
  );
}
