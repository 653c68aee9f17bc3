import type { CheckOptions } from '../../check/index.ts';
import type { Scheme } from '../../litmus/index.ts';

/** Options of `daxlab check`, as commander hands them over. */
export interface CheckCommandOptions {
  readonly scheme?: Scheme | 'both';
  readonly workers?: number;
  readonly maxStates?: number;
  readonly maxMemory?: number;
  readonly allOutcomes?: true;
  readonly diff?: true;
  readonly first?: true;
  /** True with `--minimise`, false with `--no-minimise`. */
  readonly minimise?: boolean;
  /** False with `--no-reduction`. */
  readonly reduction?: boolean;
  readonly filter?: string;
  readonly json?: true;
}

/** Memory that one search may take unless the user says otherwise. */
const DEFAULT_MEMORY: number = 4 * 2 ** 30;

/** What is asked of each search. */
export function searchOptions(options: CheckCommandOptions): CheckOptions {
  const { maxStates, maxMemory = DEFAULT_MEMORY, reduction = true } = options;
  return {
    ...(maxStates === undefined ? {} : { maximumStates: maxStates }),
    maximumBytes: maxMemory,
    allOutcomes: options.allOutcomes === true || options.diff === true,
    firstViolation: options.first === true,
    asFound: options.minimise === false,
    movers: reduction,
  };
}
