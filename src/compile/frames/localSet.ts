/** A set of locals as bits. */
export class LocalSet {
  private readonly words: Uint32Array;

  /** An empty set of locals numbered below `locals`. */
  constructor(locals: number) {
    this.words = new Uint32Array((locals + 31) >> 5);
  }

  has(local: number): boolean {
    return (((this.words[local >> 5] ?? 0) >>> (local & 31)) & 1) === 1;
  }

  add(local: number): void {
    this.words[local >> 5] = (this.words[local >> 5] ?? 0) | (1 << (local & 31));
  }

  delete(local: number): void {
    this.words[local >> 5] = (this.words[local >> 5] ?? 0) & ~(1 << (local & 31));
  }

  /** Adds all of another set but for the members of a third; answers whether anything was new. */
  addAllBut(other: LocalSet, excepted: LocalSet): boolean {
    let grew = false;
    for (let word = 0; word < this.words.length; word++) {
      const before = this.words[word] as number;
      const after = (before | ((other.words[word] as number) & ~(excepted.words[word] as number))) >>> 0;
      if (after === before) continue;
      this.words[word] = after;
      grew = true;
    }
    return grew;
  }

  /** The members in ascending order. */
  members(): number[] {
    const members: number[] = [];
    this.words.forEach((bits, word) => {
      for (let rest = bits; rest !== 0; rest = (rest & (rest - 1)) >>> 0) {
        members.push(word * 32 + 31 - Math.clz32(rest & -rest));
      }
    });
    return members;
  }
}
