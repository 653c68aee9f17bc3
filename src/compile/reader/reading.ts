import type { Refusal } from '../dialect/refusal.ts';

/** A piece of syntax, as the parser gives it. */
export interface Spanned {
  readonly start: number;
  readonly end: number;
}

/** One file being read: its text, its lines, what was refused so far, and what of it is no JavaScript. */
export class Reading {
  readonly path: string;
  readonly text: string;
  readonly refusals: Refusal[] = [];
  private readonly lineStarts: number[] = [0];
  private readonly blanks: Spanned[] = [];

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
      this.lineStarts.push(at + 1);
  }

  /** Line number, from 1, of an offset. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  refuse(where: Spanned, message: string): void {
    this.refusals.push({ file: this.path, line: this.lineOf(where.start), message });
  }

  /** Marks a type to be blanked out. */
  blank(start: number, end: number): void {
    this.blanks.push({ start, end });
  }

  /** The text of a span with the types in it overwritten by spaces, so that lines and columns stay. */
  blanked({ start, end }: Spanned): string {
    let result = '';
    let at = start;
    const inside = this.blanks
      .filter((blank) => blank.start >= start && blank.end <= end)
      .sort((a, b) => a.start - b.start);
    for (const blank of inside) {
      if (blank.start < at) continue;
      result +=
        this.text.slice(at, blank.start) + this.text.slice(blank.start, blank.end).replace(/\S/g, ' ');
      at = blank.end;
    }
    return result + this.text.slice(at, end);
  }
}
