/**
 * Which words of a region are touched, as a number: equal sets have equal numbers, and 0 is the empty one. Whoever
 * looks through a region depends on this number, and not on words that nobody has touched yet.
 */
export class Directories {
  private readonly sets: (readonly number[])[] = [[]];
  private readonly numbers = new Map<string, number>([['', 0]]);

  wordsOf(directory: number): readonly number[] {
    return this.sets[directory] ?? [];
  }

  /** The number of a set of words, in any order. */
  numberOf(words: readonly number[]): number {
    const sorted = [...words].sort((a, b) => a - b);
    const key = sorted.join();
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.sets.length);
    return this.sets.push(sorted) - 1;
  }
}
