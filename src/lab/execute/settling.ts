import { setTimeout as delay } from 'node:timers/promises';
import type { PageWatch } from './pageWatch.ts';

/** Milliseconds that the kernel's workers get to give back what a closed ring has pinned. */
const LIMIT = 3000;

/** Milliseconds between two looks. */
const LOOK = 20;

/**
 * A ring gives its pins back some time after it was closed: waits until no more than `target` pins are left, or until that
 * has taken too long to still be waited for.
 */
export async function pinsDownTo(watch: PageWatch, target: number): Promise<void> {
  await comesTrue(() => watch.pins() <= target);
  // One buffer may follow another.
  await delay(LOOK);
}

/** Whether something comes true that the kernel's workers do. */
export async function comesTrue(isTrue: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const started = performance.now(); performance.now() - started < LIMIT; await delay(LOOK)) {
    if (await isTrue()) return true;
  }
  return await isTrue();
}
