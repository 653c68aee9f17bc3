import { actorOf } from '../observe/actor.ts';
import type { ThreadSet } from './threadSet.ts';
import { isGone, type ThreadState } from './threadState.ts';
import { type WaitParts, waitOf } from './wait.ts';

/**
 * No live thread can step. It is a `deadlock` when all that each of them waits for is up to themselves, a lock that
 * they hold, a page that they have for I/O, or a barrier where they, or threads that they have yet to start, are missing; else a `hang`: somebody waits
 * for what nobody will do.
 */
export function reportStuck(live: readonly ThreadState[], parts: WaitParts): void {
  const { names, observer, threads } = parts;
  const waits = live.map(({ index }) => waitOf(index, parts));
  const isDeadlock = waits.every(
    ({ whom }) => whom.length > 0 && whom.every((other) => isWaiting(threads.state(other), threads)),
  );
  observer.judge.ofMachine(
    isDeadlock ? 'deadlock' : 'hang',
    waits.map(({ message }) => message).join('; '),
    live.map(({ index, position }) => names.describe(actorOf(index, position))),
  );
}

/** Whether a thread waits, or whoever would start it does. */
function isWaiting(state: ThreadState, threads: ThreadSet): boolean {
  if (isGone(state)) return false;
  if (state.status !== 'absent') return true;
  const starter = threads.starterOf(state);
  return starter !== undefined && isWaiting(starter, threads);
}
