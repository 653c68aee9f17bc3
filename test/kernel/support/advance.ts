import type { KernelThread } from '../../../src/compile/link/thread.ts';

/** Runs a thread until it is done or has to wait. */
export function advance(thread: KernelThread): void {
  do thread.step();
  while (!thread.done && !thread.blocked);
}
