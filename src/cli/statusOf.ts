import type { TestResult } from '../litmus/output/index.ts';
import { BAD_USAGE, type ExitStatus, INCOMPLETE, OK, VIOLATED } from './exitStatus.ts';

/** The exit status that a result asks for. */
export function statusOf({ verdict }: TestResult): ExitStatus {
  switch (verdict) {
    case 'ok':
      return OK;
    case 'violated':
      return VIOLATED;
    case 'incomplete':
      return INCOMPLETE;
    case 'error':
      return BAD_USAGE;
  }
}
