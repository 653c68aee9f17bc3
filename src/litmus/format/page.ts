import type { Comment } from '../syntax/ast.ts';

/**
 * The lines that a formatter writes, with the comments and blank lines of the source put where they belong: what
 * stands on a line of its own keeps one, what stands behind something stays behind it.
 */
export class Page {
  private readonly lines: string[] = [];
  private readonly comments: readonly Comment[];
  private readonly lineStarts: readonly number[];
  private nextComment = 0;
  /** Last line of the source that is written; 0 at the beginning and after an opening brace. */
  private sourceLine = 0;
  private blankWanted = false;

  constructor(source: string, comments: readonly Comment[]) {
    this.comments = comments;
    const starts = [0];
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) {
      starts.push(at + 1);
    }
    this.lineStarts = starts;
  }

  /**
   * Writes what stands from `start` to `end` in the source, after the comments before it. Comments within it go
   * above it.
   */
  write(indent: number, lines: readonly string[], start: number, end: number): void {
    const line = this.lineOf(start);
    this.writeComments(indent, start);
    for (let comment = this.takeComment(end); comment !== null; comment = this.takeComment(end)) {
      this.writeAbove(indent, comment, line);
    }
    this.separate(line);
    this.lines.push(...lines);
    this.sourceLine = this.lineOf(Math.max(start, end - 1));
  }

  /** Writes the comments before `offset`, each behind what it stood behind, else on a line of its own. */
  writeComments(indent: number, offset: number): void {
    this.writeTrailing(offset);
    for (let comment = this.takeComment(offset); comment !== null; comment = this.takeComment(offset)) {
      this.writeAbove(indent, comment, comment.span.line);
    }
  }

  /** Writes the comment before `offset` that stands behind what was written last, if there is one. */
  writeTrailing(offset: number): void {
    const isTrailing = this.comments[this.nextComment]?.ownLine === false && this.lines.length > 0;
    const comment = isTrailing ? this.takeComment(offset) : null;
    if (comment !== null) {
      this.lines.push(`${this.lines.pop() ?? ''} ${comment.text}`);
    }
  }

  /** Whether a comment stands on a line of its own from `start` to `middle`, or anywhere from there to `end`. */
  hasCommentBetween(start: number, middle: number, end: number): boolean {
    let low = 0;
    let high = this.comments.length;
    while (low < high) {
      const center = (low + high) >> 1;
      if ((this.comments[center]?.span.offset ?? end) < start) {
        low = center + 1;
      } else {
        high = center;
      }
    }
    for (let comment = this.comments[low]; comment !== undefined; comment = this.comments[++low]) {
      if (comment.span.offset >= end) {
        return false;
      }
      if (comment.ownLine || comment.span.offset >= middle) {
        return true;
      }
    }
    return false;
  }

  /** Asks for one blank line before what comes next. */
  wantBlank(): void {
    this.blankWanted = this.lines.length > 0;
  }

  /** Takes care that what comes next follows without a blank line: it is the first in its body. */
  beginBody(): void {
    this.sourceLine = 0;
  }

  /** Writes the line that ends a body, without a blank line before it. */
  endBody(indent: number, text: string, end: number): void {
    this.writeComments(indent + 2, end);
    this.lines.push(' '.repeat(indent) + text);
    this.sourceLine = this.lineOf(end);
  }

  /** Line of the source that the character stands on. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low + 1;
  }

  text(): string {
    return this.lines.map((line) => `${line}\n`).join('');
  }

  private takeComment(before: number): Comment | null {
    const comment = this.comments[this.nextComment];
    if (comment === undefined || comment.span.offset >= before) {
      return null;
    }
    this.nextComment += 1;
    return comment;
  }

  /** `line` is the line of the source that the comment is taken to stand on. */
  private writeAbove(indent: number, comment: Comment, line: number): void {
    this.separate(line);
    this.lines.push(' '.repeat(indent) + comment.text);
    this.sourceLine = line;
  }

  private separate(line: number): void {
    const isApart = this.sourceLine > 0 && line - this.sourceLine > 1;
    if (isApart || this.blankWanted) {
      this.lines.push('');
    }
    this.blankWanted = false;
  }
}
