/** A set of locals as bits. */
export class LocalSet {
  private readonly words: Uint32Array;

  constructor(locals: number | LocalSet) {
    this.words = typeof locals === 'number' ? new Uint32Array((locals + 31) >> 5) : locals.words.slice();
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

  /** Adds all of another set; answers whether anything was new. */
  addAll(other: LocalSet): boolean {
    let grew = false;
    for (let word = 0; word < this.words.length; word++) {
      const before = this.words[word] ?? 0;
      const after = (before | (other.words[word] ?? 0)) >>> 0;
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
