import { type ExitStatus, INCOMPLETE, OK } from './exitStatus.ts';
import type { Host } from './host.ts';

/** After an interrupt says how much was done; one that comes when all is done changes nothing. The exit status that it asks for. */
export function interruptedStatus(host: Host, done: number, all: number, what: string): ExitStatus {
  if (!host.isInterrupted || done === all) return OK;
  host.err(`interrupted after ${done} of ${all} ${what}\n`);
  return INCOMPLETE;
}
