import type { StepPoint } from '../../compile/frames/program.ts';
import { ACQUIRE, ACQUIRE_SHARED, type HeldLock, heldLock, READ, RELEASE } from '../collapse/access.ts';
import type { AccessRecorder } from './accessRecorder.ts';

type LockEffect = NonNullable<StepPoint['lock']>;

/**
 * Takes note of what a step did to a lock: which sort of access it was, and the locks that the thread holds
 * after it. `held` is changed in place and stays ascending. `stepped`: false if the step has to wait for the lock.
 */
export function followLock(
  effect: LockEffect,
  word: number,
  stepped: boolean,
  held: HeldLock[],
  recorder: AccessRecorder,
): void {
  switch (effect) {
    case 'take':
    case 'share': {
      const shared = effect === 'share';
      recorder.replace(word, shared ? ACQUIRE_SHARED : ACQUIRE);
      if (stepped) insert(held, heldLock(word, shared));
      return;
    }
    case 'try':
    case 'try-share': {
      const shared = effect === 'try-share';
      const taken = recorder.wrote(word);
      recorder.replace(word, taken ? (shared ? ACQUIRE_SHARED : ACQUIRE) : READ);
      if (taken) insert(held, heldLock(word, shared));
      return;
    }
    case 'drop':
    case 'unshare':
      recorder.replace(word, RELEASE);
      remove(held, heldLock(word, effect === 'unshare'));
      return;
    case 'downgrade':
      recorder.replace(word, RELEASE);
      remove(held, heldLock(word, false));
      insert(held, heldLock(word, true));
      return;
  }
}

function insert(held: HeldLock[], lock: HeldLock): void {
  held.push(lock);
  held.sort((a, b) => a - b);
}

function remove(held: HeldLock[], lock: HeldLock): void {
  const at = held.indexOf(lock);
  if (at >= 0) held.splice(at, 1);
}
