import type { Span } from '../source/span.ts';

export type TokenKind =
  /** A name or a keyword. */
  | 'word'
  /** The name of a test or a property, which may contain `-`. */
  | 'dashedWord'
  | 'number'
  | 'string'
  | 'symbol'
  /** Where the source ends; always the last token, and only there. */
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; for a string, its value. */
  readonly text: string;
  /** Value of a number, else 0. */
  readonly value: number;
  /** True for the first token of a line. */
  readonly startsLine: boolean;
  readonly span: Span;
}

/** How a token is called in an error, where it is the first word. */
export function describeToken(token: Token): string {
  return token.kind === 'string' ? 'a string' : `'${token.text}'`;
}

/** What is said of a token that does not belong where it stands. */
export function unexpected(token: Token): string {
  return token.kind === 'string' ? 'unexpected string' : `unexpected '${token.text}'`;
}
