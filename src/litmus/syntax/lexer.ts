import { type Diagnostic, errorAt } from '../source/diagnostic.ts';
import { LIMITS } from '../source/limits.ts';
import type { Span } from '../source/span.ts';
import type { Comment } from './ast.ts';
import { isKeyword } from './keywords.ts';
import { readNumber } from './numberLiteral.ts';
import type { Token, TokenKind } from './token.ts';

export interface LexerResult {
  /** Ends with one token of kind `end`. */
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  readonly errors: readonly Diagnostic[];
}

const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const FOREIGN_WORD = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const DASHED_WORD = /[A-Za-z_][A-Za-z0-9_-]*/y;
const NUMBER = /[0-9][A-Za-z0-9_]*/y;
const BLANK = /[ \t\r\f\v]+/y;
const COMMENT = /#[^\n]*/y;
const STRING = /"(?:[^"\\\n]|\\[^\n])*"/y;
const UNCLOSED_STRING = /"[^\n]*/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[-+*/%!<>=(){}[\],.&|]/y;
const FOREIGN_COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const UNKNOWN = /[^\sA-Za-z0-9_"#(){}[\],]+/y;

const UNKNOWN_HINTS: Readonly<Record<string, string>> = {
  ';': 'leave it out: white space separates statements',
  "'": 'strings stand in double quotes',
};

const LAST_ASCII = 0x7f;

const ASCII_HINT = 'outside of strings and comments there is only ASCII';

/** Cuts a source into tokens. Comments are kept aside; what is no token is reported and left out. */
export function readTokens(source: string): LexerResult {
  return new Lexer(source).run();
}

class Lexer {
  private readonly source: string;
  private readonly tokens: Token[] = [];
  private readonly comments: Comment[] = [];
  private readonly errors: Diagnostic[] = [];
  private offset = 0;
  private line = 1;
  private lineStart = 0;
  private startsLine = true;

  constructor(source: string) {
    this.source = source;
  }

  run(): LexerResult {
    if (this.source.startsWith('\uFEFF')) {
      this.offset = 1;
      this.lineStart = 1;
    }
    while (this.offset < this.source.length) {
      this.readOne();
    }
    this.addToken('end', '', 0, '');
    return { tokens: this.tokens, comments: this.comments, errors: this.errors };
  }

  private readOne(): void {
    if (this.source.charCodeAt(this.offset) === 10) {
      this.offset += 1;
      this.line += 1;
      this.lineStart = this.offset;
      this.startsLine = true;
      return;
    }
    const blank = this.match(BLANK);
    if (blank !== null) {
      this.offset += blank.length;
      return;
    }
    const comment = this.match(COMMENT);
    if (comment !== null) {
      this.addComment(comment);
      return;
    }
    this.readToken();
  }

  private readToken(): void {
    const word = this.match(this.wantsDashedWord() ? DASHED_WORD : WORD);
    if (this.isForeign(this.offset + (word?.length ?? 0))) {
      const foreignWord = this.match(FOREIGN_WORD);
      if (foreignWord !== null && foreignWord !== word) {
        this.addForeignWord(foreignWord);
        return;
      }
    }
    if (word !== null) {
      this.addWord(word);
      return;
    }
    const number = this.match(NUMBER);
    if (number !== null) {
      this.addNumber(number);
      return;
    }
    if (this.source[this.offset] === '"') {
      this.addString();
      return;
    }
    const foreign = this.match(FOREIGN_COMMENT);
    if (foreign !== null) {
      this.errors.push(errorAt(this.spanOf(foreign.length), 'this is no comment', 'comments begin with #'));
      this.skip(foreign);
      return;
    }
    const symbol = this.match(SYMBOL);
    if (symbol !== null) {
      this.addToken('symbol', symbol, 0, symbol);
      return;
    }
    this.addUnknown();
  }

  /** Names of tests and properties may contain `-`; they stand only after `DAX` and after `hazard`. */
  private wantsDashedWord(): boolean {
    const last = this.tokens.at(-1);
    if (last?.kind === 'word') {
      return last.text === 'hazard' || (last.text === 'DAX' && this.tokens.length === 1);
    }
    return last?.text === ']' && last.kind === 'symbol' && this.tokens.at(-4)?.text === 'hazard';
  }

  private isForeign(offset: number): boolean {
    return this.source.charCodeAt(offset) > LAST_ASCII;
  }

  private addWord(word: string): void {
    if (word.length > LIMITS.nameLength) {
      const hint = `names have at most ${LIMITS.nameLength} characters`;
      this.errors.push(errorAt(this.spanOf(word.length), `a name of ${word.length} characters`, hint));
    }
    const isNextItem = this.startsLine && isKeyword(word);
    this.addToken(this.wantsDashedWord() && !isNextItem ? 'dashedWord' : 'word', word, 0, word);
  }

  private addForeignWord(word: string): void {
    this.errors.push(errorAt(this.spanOf(word.length), `'${word}' is no name`, ASCII_HINT));
    this.addWord(word);
  }

  private addNumber(text: string): void {
    const reading = readNumber(text);
    if ('message' in reading) {
      this.errors.push(errorAt(this.spanOf(text.length), reading.message, reading.hint));
    }
    this.addToken('number', text, 'value' in reading ? reading.value : 0, text);
  }

  private addString(): void {
    const closed = this.match(STRING);
    const text = closed ?? this.match(UNCLOSED_STRING) ?? '"';
    const span = this.spanOf(text.length);
    if (closed === null) {
      this.errors.push(errorAt(span, 'the string has no end', 'close it with " on the same line'));
    }
    const inner = closed === null ? text.slice(1) : text.slice(1, -1);
    const badEscape = /\\[^"\\]/.exec(inner.replaceAll('\\\\', '__'));
    if (closed !== null && badEscape !== null) {
      this.errors.push(errorAt(span, `unknown escape ${badEscape[0]}`, 'only \\" and \\\\ are escapes'));
    }
    if (inner.length > LIMITS.stringLength) {
      const hint = `strings have at most ${LIMITS.stringLength} characters`;
      this.errors.push(errorAt(span, `a string of ${inner.length} characters`, hint));
    }
    this.addToken('string', inner.replace(/\\(["\\])/g, '$1'), 0, text);
  }

  private addUnknown(): void {
    const text = this.match(UNKNOWN) ?? this.source[this.offset] ?? '';
    const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
    const hint = UNKNOWN_HINTS[first] ?? ASCII_HINT;
    const shown = text.length > 16 ? `${text.slice(0, 16)}…` : text;
    const noun = [...text].length === 1 ? 'character' : 'characters';
    this.errors.push(errorAt(this.spanOf(text.length), `unexpected ${noun} '${printable(shown)}'`, hint));
    this.offset += text.length;
  }

  private addComment(text: string): void {
    const trimmed = text.trimEnd();
    this.comments.push({ text: trimmed, ownLine: this.startsLine, span: this.spanOf(trimmed.length) });
    this.offset += text.length;
  }

  private addToken(kind: TokenKind, text: string, value: number, source: string): void {
    const { startsLine } = this;
    this.tokens.push({ kind, text, value, startsLine, span: this.spanOf(source.length) });
    this.offset += source.length;
    this.startsLine = false;
  }

  private spanOf(length: number): Span {
    return { line: this.line, column: this.offset - this.lineStart + 1, offset: this.offset, length };
  }

  /** Leaves out text that may run over several lines. */
  private skip(text: string): void {
    const end = this.offset + text.length;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      this.line += 1;
      this.lineStart = this.offset + at + 1;
      this.startsLine = true;
    }
    this.offset = end;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.offset;
    return pattern.exec(this.source)?.[0] ?? null;
  }
}

function printable(text: string): string {
  return text.replace(/\p{C}/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}
