import { PIECE_WORDS } from './pieceTable.ts';

/** Words with the values that they have, side by side. */
export interface WordValues {
  readonly words: readonly number[];
  readonly values: readonly number[];
}

/**
 * Notes what a piece of code reads and writes of a list of words: what it read first decides all that it does, and what
 * it wrote is all that it changes. Reading a word that was written before tells nothing new.
 */
export class StepTrace {
  private on = false;
  private readonly readWords: number[] = [];
  private readonly readValues: number[] = [];
  private readonly writtenWords: number[] = [];
  private readonly before: number[] = [];
  private isRead: Uint8Array = new Uint8Array(PIECE_WORDS);
  /** By word: its position among those written, plus 1. */
  private writtenAt: Int32Array = new Int32Array(PIECE_WORDS);
  private lookedAround = false;

  /** Whether reads are noted; writes always are. */
  get isOn(): boolean {
    return this.on;
  }

  get hasWritten(): boolean {
    return this.writtenWords.length > 0;
  }

  /** Words written since the list was brought back. */
  get written(): readonly number[] {
    return this.writtenWords;
  }

  /** The code depended on more than the words that it read: it looked which words there are. */
  get isOpaque(): boolean {
    return this.lookedAround;
  }

  begin(): void {
    for (const word of this.readWords) this.isRead[word] = 0;
    this.readWords.length = 0;
    this.readValues.length = 0;
    this.lookedAround = false;
    this.on = true;
  }

  end(): void {
    this.on = false;
  }

  lookAround(): void {
    this.lookedAround = true;
  }

  read(word: number, value: number): void {
    if (!this.on || this.isRead[word] === 1 || this.writtenAt[word] !== 0) return;
    this.isRead[word] = 1;
    this.readWords.push(word);
    this.readValues.push(value);
  }

  write(word: number, before: number): void {
    if (this.writtenAt[word] !== 0) return;
    this.writtenAt[word] = this.writtenWords.push(word);
    this.before.push(before);
  }

  /** What was read, in that order. */
  reads(): WordValues {
    return { words: [...this.readWords], values: [...this.readValues] };
  }

  /** The words that were written, ascending, but for those that were read and hold again what they held. */
  effects(now: Float64Array): WordValues {
    const words = this.writtenWords
      .filter((word, position) => this.isRead[word] === 0 || now[word] !== this.before[position])
      .sort((a, b) => a - b);
    return { words, values: words.map((word) => now[word] as number) };
  }

  /** What a word that was written held before. */
  valueBefore(word: number): number {
    return this.before[(this.writtenAt[word] as number) - 1] as number;
  }

  undo(now: Float64Array): void {
    this.writtenWords.forEach((word, position) => {
      now[word] = this.before[position] as number;
    });
    this.forgetWrites();
  }

  forgetWrites(): void {
    for (const word of this.writtenWords) this.writtenAt[word] = 0;
    this.writtenWords.length = 0;
    this.before.length = 0;
  }

  /** There are that many words now. */
  reach(words: number): void {
    const isRead = new Uint8Array(words);
    isRead.set(this.isRead);
    this.isRead = isRead;
    const writtenAt = new Int32Array(words);
    writtenAt.set(this.writtenAt);
    this.writtenAt = writtenAt;
  }
}
