import { type Diagnostic, errorAt, inSourceOrder } from '../source/diagnostic.ts';
import { LIMITS } from '../source/limits.ts';
import type { Span } from '../source/span.ts';
import type { LitmusFile } from './ast.ts';
import { Cursor } from './cursor.ts';
import { parseFile } from './fileParser.ts';
import { readTokens } from './lexer.ts';

export interface ParseResult {
  /** The tree; with errors, what could be made of the rest. */
  readonly file: LitmusFile;
  /** In the order of the source; empty when the file follows the grammar. */
  readonly errors: readonly Diagnostic[];
}

/**
 * Parses the text of a test. Written by hand, because a parser library would cost a quarter of the time of a run
 * of a small test without making the grammar shorter: see docs/decisions.
 */
export function parse(source: string): ParseResult {
  const unreadable = checkText(source);
  if (unreadable !== null) {
    return { file: parseFile(new Cursor(readTokens('').tokens), []), errors: [unreadable] };
  }
  const { tokens, comments, errors } = readTokens(source);
  const cursor = new Cursor(tokens);
  const file = parseFile(cursor, comments);
  return { file, errors: inSourceOrder([...errors, ...cursor.errors]) };
}

/** What keeps the source from being looked at as text at all. */
function checkText(source: string): Diagnostic | null {
  if (source.length > LIMITS.fileLength) {
    const span: Span = { line: 1, column: 1, offset: 0, length: 0 };
    const hint = `a test has at most ${LIMITS.fileLength}`;
    return errorAt(span, `a file of ${source.length} characters`, hint);
  }
  const nul = source.indexOf('\0');
  if (nul >= 0) {
    return errorAt(spanAt(source, nul), 'not a text file: it contains a NUL byte', 'a test is UTF-8 text');
  }
  const replaced = source.indexOf('\uFFFD');
  if (replaced >= 0) {
    const message = 'not a text file: these bytes are no UTF-8';
    return errorAt(spanAt(source, replaced), message, 'a test is UTF-8 text');
  }
  return null;
}

function spanAt(source: string, offset: number): Span {
  const lineStart = source.lastIndexOf('\n', offset - 1) + 1;
  const line = source.slice(0, lineStart).split('\n').length;
  return { line, column: offset - lineStart + 1, offset, length: 1 };
}
