import { performance } from 'node:perf_hooks';

const WORDS = 2 ** 20;
const ROUNDS = 2 ** 26;

/**
 * Accesses a second of the plainest loop over a typed array on this machine now: what the figures beside it are to
 * be compared with, since machines are shared and differ.
 */
export function referenceAccessesPerSecond(): number {
  const words = new Int32Array(WORDS);
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    const index = (round * 7) & (WORDS - 1);
    words[index] = (words[index] ?? 0) + 1;
  }
  const elapsed = (performance.now() - start) / 1000;
  if ((words[7] ?? 0) !== ROUNDS / WORDS) throw new Error('the reference loop lost an access');
  return ROUNDS / elapsed;
}
