const UNKNOWN = 0;
const NO = 1;
const YES = 2;

/** Remembers the answer to a yes-or-no question about the shared words, by their number: many states share them. */
export class ByShared {
  private readonly ask: (shared: number) => boolean;
  private answers: Uint8Array = new Uint8Array(1024);

  constructor(ask: (shared: number) => boolean) {
    this.ask = ask;
  }

  of(shared: number): boolean {
    if (shared >= this.answers.length) {
      const larger = new Uint8Array(Math.max(shared + 1, 2 * this.answers.length));
      larger.set(this.answers);
      this.answers = larger;
    }
    if (this.answers[shared] === UNKNOWN) this.answers[shared] = this.ask(shared) ? YES : NO;
    return this.answers[shared] === YES;
  }
}
