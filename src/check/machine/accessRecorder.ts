import { type Access, type AccessKind, ADD, accessOf, READ, WRITE } from '../collapse/access.ts';

/** Marks in `kinds`: nothing yet. */
const NONE = -1;

/** Collects what one step does to shared words: each word once, as the strongest of what was done to it. */
export class AccessRecorder {
  private kinds: Int8Array = new Int8Array(256).fill(NONE);
  private readonly words: number[] = [];
  private recording = true;

  get isRecording(): boolean {
    return this.recording;
  }

  /** Runs code whose accesses are nobody's: whoever looks in from outside is no part of the step. */
  unobserved<Result>(run: () => Result): Result {
    const before = this.recording;
    this.recording = false;
    try {
      return run();
    } finally {
      this.recording = before;
    }
  }

  clear(): void {
    for (const word of this.words) this.kinds[word] = NONE;
    this.words.length = 0;
  }

  read(word: number): void {
    this.note(word, READ);
  }

  write(word: number): void {
    this.note(word, WRITE);
  }

  /** The step adds something that commutes with other additions. */
  add(word: number): void {
    this.note(word, ADD);
  }

  /** What was done to a word, of which the step knows more than reads and writes tell. */
  replace(word: number, kind: AccessKind): void {
    if (!this.recording) return;
    if (word >= this.kinds.length) this.grow(word);
    if (this.kinds[word] === NONE) this.words.push(word);
    this.kinds[word] = kind;
  }

  /** Whether the word was written so far. */
  wrote(word: number): boolean {
    return this.kinds[word] === WRITE;
  }

  accesses(): Access[] {
    return this.words.map((word) => accessOf(word, this.kinds[word] as AccessKind));
  }

  private note(word: number, kind: AccessKind): void {
    if (!this.recording) return;
    if (word >= this.kinds.length) this.grow(word);
    const before = this.kinds[word] as number;
    if (before === NONE) {
      this.words.push(word);
      this.kinds[word] = kind;
    } else if (before !== kind) {
      // A read and an addition, in whatever order, are a change.
      this.kinds[word] = WRITE;
    }
  }

  private grow(word: number): void {
    const larger = new Int8Array(Math.max(word + 1, this.kinds.length * 2)).fill(NONE);
    larger.set(this.kinds);
    this.kinds = larger;
  }
}
