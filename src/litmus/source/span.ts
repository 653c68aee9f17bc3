/** Where a piece of a test stands in its source. */
export interface Span {
  /** Line of the first character, counted from 1. */
  readonly line: number;
  /** Column of the first character, counted from 1 in UTF-16 units; a tab is one column. */
  readonly column: number;
  /** Index of the first character in the source, counted from 0 in UTF-16 units. */
  readonly offset: number;
  /** Length in UTF-16 units. */
  readonly length: number;
}

/** The span from the beginning of `first` to the end of `last`. */
export function joinSpans(first: Span, last: Span): Span {
  return {
    line: first.line,
    column: first.column,
    offset: first.offset,
    length: Math.max(first.length, last.offset + last.length - first.offset),
  };
}

/** Index of the character after the span. */
export function endOf(span: Span): number {
  return span.offset + span.length;
}
