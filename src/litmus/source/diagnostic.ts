import type { Span } from './span.ts';

/** One thing that is wrong with a test, and what to do about it. */
export interface Diagnostic {
  /** An error keeps the test from running; a warning does not. */
  readonly severity: 'error' | 'warning';
  /** What is wrong, one line, without a full stop. */
  readonly message: string;
  /** What was expected, or what to do; never empty. */
  readonly hint: string;
  readonly span: Span;
}

/** An error; `hint` says what was expected, or what to do. */
export function errorAt(span: Span, message: string, hint: string): Diagnostic {
  return { severity: 'error', message, hint, span };
}

/** A diagnostic as one line: `file:line:column: message (hint)`. */
export function formatDiagnostic(fileName: string, diagnostic: Diagnostic): string {
  const { line, column } = diagnostic.span;
  return `${fileName}:${line}:${column}: ${diagnostic.message} (${diagnostic.hint})`;
}

/** Diagnostics in the order of the source. Of several at one place the first found comes first. */
export function inSourceOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted((left, right) => left.span.offset - right.span.offset);
}
