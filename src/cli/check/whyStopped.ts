import type { CheckOptions, StopReason } from '../../check/index.ts';
import { byteCount } from '../../litmus/format/byteCount.ts';

/** Why a search ended before it had seen everything: `incomplete: the memory bound of 256M`. */
export function whyStopped(stoppedBy: StopReason | null, options: CheckOptions): string {
  switch (stoppedBy) {
    case 'states':
      return `incomplete: the bound of ${(options.maximumStates ?? 0).toLocaleString('en')} states`;
    case 'memory':
      return options.maximumBytes === undefined
        ? 'incomplete: no memory is left'
        : `incomplete: the memory bound of ${byteCount(options.maximumBytes)}`;
    case 'interrupt':
      return 'incomplete: interrupted';
    case 'finding':
    case null:
      return 'incomplete';
  }
}
