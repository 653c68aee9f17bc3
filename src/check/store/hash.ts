/** Mixes words into 32 bits, so that states which differ in a few bits fall far apart in a table. */
export function hashWords(words: Int32Array, width: number): number {
  let hash = 0x2545f491;
  for (let position = 0; position < width; position++) {
    hash = Math.imul(hash ^ (words[position] as number), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x27d4eb2f);
  return hash ^ (hash >>> 13);
}

/** The same for two numbers. */
export function hashPair(left: number, right: number): number {
  let hash = Math.imul(left, 0x5bd1e995) ^ Math.imul(right, 0x27d4eb2f);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
