/**
 * Remembers what a piece of code read, so that it can be run again later, in another state, and do the same: a
 * generator cannot be copied in the middle, but what it is there follows from what it read on the way. While it runs
 * again, reads are answered from the journal and writes are dropped.
 */
export class Journal {
  private mode: 'off' | 'recording' | 'replaying' = 'off';
  private values: number[] = [];
  private position = 0;

  get isReplaying(): boolean {
    return this.mode === 'replaying';
  }

  /** Runs code whose reads are appended to `values`. */
  recording<Result>(values: number[], run: () => Result): Result {
    return this.during('recording', values, run);
  }

  /** Runs code again that was recorded; `values` must be all that it read, and it has to read them all. */
  replaying<Result>(values: number[], run: () => Result): Result {
    this.position = 0;
    const result = this.during('replaying', values, run);
    if (this.position !== values.length) throw new Error('code that ran again did not read what it had read');
    return result;
  }

  /** Runs code that is no part of what is remembered. */
  suspended<Result>(run: () => Result): Result {
    if (this.mode === 'off') return run();
    return this.during('off', this.values, run);
  }

  /** A value as it was read then, or, recorded, as it is read now. */
  through(read: () => number): number {
    if (this.mode === 'off') return read();
    if (this.mode === 'replaying') return this.next();
    const value = this.suspended(read);
    this.values.push(value);
    return value;
  }

  /** The same for a list. */
  listThrough(read: () => number[]): number[] {
    const { mode } = this;
    if (mode === 'off') return read();
    if (mode === 'replaying') return Array.from({ length: this.next() }, () => this.next());
    const list = this.suspended(read);
    this.values.push(list.length, ...list);
    return list;
  }

  private next(): number {
    const value = this.values[this.position++];
    if (value === undefined) throw new Error('code that ran again read more than it had read');
    return value;
  }

  private during<Result>(
    mode: 'off' | 'recording' | 'replaying',
    values: number[],
    run: () => Result,
  ): Result {
    const before = { mode: this.mode, values: this.values };
    this.mode = mode;
    this.values = values;
    try {
      return run();
    } finally {
      this.mode = before.mode;
      this.values = before.values;
    }
  }
}
