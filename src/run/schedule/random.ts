/**
 * Choices that look random and are the same for the same seed, everywhere: the 32-bit xorshift generator with
 * shifts 13, 17, 5 (George Marsaglia, 2003), started from the seed's bits, stirred.
 */
export class Random {
  private word: number;

  /** `seed`: any integer from 0 to 2^53 - 1. */
  constructor(seed: number) {
    const low = seed % 2 ** 32;
    const high = Math.floor(seed / 2 ** 32);
    const stirred = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) ^ 0x2545f491;
    this.word = stirred === 0 ? 1 : stirred;
  }

  /** An integer from 0 up to but not including `limit`, at most 2^16. */
  below(limit: number): number {
    this.word ^= this.word << 13;
    this.word ^= this.word >>> 17;
    this.word ^= this.word << 5;
    return Math.floor(((this.word >>> 0) / 2 ** 32) * limit);
  }
}
