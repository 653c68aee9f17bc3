import { type Diagnostic, errorAt } from '../source/diagnostic.ts';
import { LIMITS } from '../source/limits.ts';
import type { Span } from '../source/span.ts';
import { isKeyword, STATEMENT_KEYWORDS, TOP_LEVEL_KEYWORDS } from './keywords.ts';
import { type Token, unexpected } from './token.ts';

/**
 * Walks the tokens, collects errors and finds a place to go on after one. Of several errors at one place only
 * the first is kept: what follows it there is usually its consequence.
 */
export class Cursor {
  readonly errors: Diagnostic[] = [];
  /** Braces to swallow in silence, because their body was already taken for closed. */
  strayBraces = 0;
  statements = 0;
  private readonly tokens: readonly Token[];
  private position = 0;
  private lastErrorOffset = -1;
  private isStopped = false;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  /** The token `ahead` places from here; past the end, the `end` token. */
  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)];
    if (token === undefined) {
      throw new RangeError('a token list without an end');
    }
    return token;
  }

  /** The token before this one; at the beginning, the first. */
  previous(): Token {
    return this.tokens[this.position - 1] ?? this.peek();
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') {
      this.position += 1;
    }
    return token;
  }

  atEnd(): boolean {
    return this.peek().kind === 'end';
  }

  atSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === symbol;
  }

  atWord(word: string): boolean {
    const token = this.peek();
    return token.kind === 'word' && token.text === word;
  }

  /** At a word that is no keyword. */
  atName(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'word' && !isKeyword(token.text);
  }

  /** At a keyword in the place of a name: what follows it could not follow the keyword. */
  atKeywordAsName(): boolean {
    const token = this.peek();
    const next = this.peek(1);
    if (token.kind !== 'word' || token.startsLine || !isKeyword(token.text)) {
      return false;
    }
    if (next.kind === 'end' || next.startsLine) {
      return true;
    }
    const isIndex = next.text === '[' && this.peek(2).kind === 'number';
    return next.kind === 'symbol' && (isIndex || !'([{!-'.includes(next.text));
  }

  atTopLevelKeyword(): boolean {
    const token = this.peek();
    return token.kind === 'word' && TOP_LEVEL_KEYWORDS.includes(token.text);
  }

  /** Takes the symbol if it is there. */
  accept(symbol: string): boolean {
    if (!this.atSymbol(symbol)) {
      return false;
    }
    this.take();
    return true;
  }

  /** Reports an error and returns null, so that a rule can end with it. */
  fail(span: Span, message: string, hint: string): null {
    if (!this.isStopped && span.offset !== this.lastErrorOffset) {
      this.errors.push(errorAt(span, message, hint));
      this.lastErrorOffset = span.offset;
    }
    return null;
  }

  /** Reports that the keyword here cannot be what it is taken for. */
  failOnKeyword(hint: string): null {
    const { text, span } = this.peek();
    return this.fail(span, `'${text}' is a keyword`, hint);
  }

  /** Reports that something else than this token was expected, where the reader would have put it. */
  failExpecting(hint: string): null {
    const found = this.peek();
    const before = this.previous();
    if (found.kind !== 'end' && found.span.line === before.span.line) {
      return this.fail(found.span, unexpected(found), `expected ${hint}`);
    }
    const { line, column, offset, length } = before.span;
    const after: Span = { line, column: column + length, offset: offset + length, length: 0 };
    const what = found.kind === 'end' ? 'the file ends here' : 'something is missing here';
    return this.fail(after, what, `expected ${hint}`);
  }

  /** Reports the error that a limit stands for, and ends the parse: what follows is not looked at. */
  stop(span: Span, message: string, hint: string): null {
    this.fail(span, message, hint);
    this.position = this.tokens.length - 1;
    this.isStopped = true;
    return null;
  }

  /** Goes on at the next statement, behind a body that is passed over, or at the end of this one. */
  skipToStatement(): void {
    let depth = 0;
    while (!this.atEnd() && !this.atTopLevelKeyword()) {
      if (depth === 0 && (this.atSymbol('}') || this.startsStatement())) {
        return;
      }
      const token = this.take();
      if (token.kind === 'symbol' && token.text === '{') {
        depth += 1;
      } else if (token.kind === 'symbol' && token.text === '}') {
        depth -= 1;
        if (depth === 0) {
          return;
        }
      }
    }
  }

  /** Goes on at the `,` or `)` that ends an argument; false when a statement comes first. */
  skipToArgumentEnd(): boolean {
    let depth = 0;
    while (!this.atEnd() && !this.atTopLevelKeyword() && !this.startsStatement() && !this.atSymbol('}')) {
      if (depth === 0 && (this.atSymbol(',') || this.atSymbol(')'))) {
        return true;
      }
      const token = this.take();
      if (token.kind === 'symbol' && '(['.includes(token.text)) {
        depth += 1;
      } else if (token.kind === 'symbol' && ')]'.includes(token.text)) {
        depth -= 1;
      }
    }
    return false;
  }

  /** Goes on at the next keyword that stands outside of bodies. */
  skipToTopLevel(): void {
    while (!this.atEnd() && !this.atTopLevelKeyword()) {
      this.take();
    }
  }

  /** Counts a statement against the limit; false when there are too many. */
  countStatement(): boolean {
    this.statements += 1;
    if (this.statements <= LIMITS.statements) {
      return true;
    }
    this.stop(
      this.peek().span,
      `more than ${LIMITS.statements} statements`,
      "split the test, or use 'repeat'",
    );
    return false;
  }

  private startsStatement(): boolean {
    const token = this.peek();
    if (token.kind !== 'word') {
      return false;
    }
    if (STATEMENT_KEYWORDS.includes(token.text)) {
      return true;
    }
    return token.startsLine && this.atName() && (this.atSymbol('=', 1) || this.atSymbol('(', 1));
  }
}
