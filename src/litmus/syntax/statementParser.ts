import { LIMITS } from '../source/limits.ts';
import { suggest } from '../source/nearestName.ts';
import { joinSpans } from '../source/span.ts';
import type { Body, Identifier, NumberLiteral, Scheme, SchemeTag, Statement } from './ast.ts';
import { parseArguments, parseName } from './callParser.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressionParser.ts';
import { KEYWORDS, STATEMENT_KEYWORDS } from './keywords.ts';
import { unexpected } from './token.ts';

/**
 * Parses `{ statement … }`. Statements that do not parse are reported and left out. `owner` is what the body
 * belongs to (`process P`), `depth` how many bodies it is the innermost of.
 */
export function parseBody(cursor: Cursor, owner: string, depth: number): Body | null {
  const open = cursor.peek().span;
  if (!cursor.accept('{')) {
    return cursor.failExpecting(`'{' and the body of ${owner}`);
  }
  if (depth > LIMITS.nesting) {
    return cursor.stop(open, `bodies nested more than ${LIMITS.nesting} deep`, 'flatten the test');
  }
  const statements: Statement[] = [];
  while (!cursor.atSymbol('}')) {
    if (cursor.atEnd()) {
      cursor.failExpecting(`'}' to close the body of ${owner}, opened at ${open.line}:${open.column}`);
      break;
    }
    if (cursor.atTopLevelKeyword() && !cursor.atSymbol('=', 1)) {
      reportTopLevelKeyword(cursor, owner, `${open.line}:${open.column}`);
      break;
    }
    if (!cursor.countStatement()) {
      break;
    }
    const statement = parseStatement(cursor, depth);
    if (statement === null) {
      cursor.skipToStatement();
    } else {
      statements.push(statement);
    }
  }
  cursor.accept('}');
  return { statements, span: joinSpans(open, cursor.previous().span) };
}

function reportTopLevelKeyword(cursor: Cursor, owner: string, opened: string): void {
  const token = cursor.peek();
  const hint = `close the body of ${owner}, opened at ${opened}, with '}' before it`;
  cursor.fail(token.span, `'${token.text}' cannot stand inside of a body`, hint);
  cursor.strayBraces += 1;
}

function parseStatement(cursor: Cursor, depth: number): Statement | null {
  const token = cursor.peek();
  const otherwise = CONTROL_FLOW.get(token.text);
  if (
    token.kind === 'word' &&
    otherwise !== undefined &&
    (cursor.atSymbol('(', 1) || cursor.atSymbol('{', 1))
  ) {
    cursor.take();
    return cursor.fail(token.span, `the language has no '${token.text}'`, otherwise);
  }
  if (cursor.atName() || (token.kind === 'word' && cursor.atSymbol('=', 1))) {
    return parseCall(cursor);
  }
  if (cursor.atWord('thread')) {
    return parseBlock(cursor, 'thread', depth);
  }
  if (cursor.atWord('fork')) {
    return parseBlock(cursor, 'fork', depth);
  }
  if (cursor.atWord('repeat')) {
    return parseRepeat(cursor, depth);
  }
  if (cursor.atWord('assert')) {
    return parseAssert(cursor);
  }
  cursor.take();
  if (token.kind === 'word') {
    return cursor.fail(token.span, `'${token.text}' begins no statement`, STATEMENT_HINT);
  }
  return cursor.fail(token.span, unexpected(token), `expected a statement: ${STATEMENT_HINT}`);
}

const NO_BRANCHES =
  'an operation on a register that holds an error is skipped; a condition says what else may come out';
const NO_LOOPS = 'repeat N { … } runs its body N times';

/** What C has for statements and the language has not, with what to write for it. */
const CONTROL_FLOW: ReadonlyMap<string, string> = new Map([
  ['if', NO_BRANCHES],
  ['else', NO_BRANCHES],
  ['switch', NO_BRANCHES],
  ['while', NO_LOOPS],
  ['for', NO_LOOPS],
  ['do', NO_LOOPS],
]);

const STATEMENT_HINT = "an operation such as r = load(m, 0), 'thread', 'fork', 'repeat' or 'assert'";

function parseCall(cursor: Cursor): Statement | null {
  if (!cursor.atName()) {
    cursor.failOnKeyword('choose another name for the register');
  }
  const first = cursor.take();
  const name: Identifier = { name: first.text, span: first.span };
  let register: Identifier | null = null;
  let operation: Identifier | null = name;
  if (cursor.accept('=')) {
    register = name;
    operation = parseOperationName(cursor);
  } else if (!cursor.atSymbol('(')) {
    const expected = cursor.atSymbol('{')
      ? "expected 'thread', 'fork' or 'repeat' before it, since a body follows"
      : `expected '(' or '=' after '${first.text}'`;
    const hint = suggest(first.text, STATEMENT_KEYWORDS, expected);
    return cursor.fail(first.span, `'${first.text}' begins no statement`, hint);
  }
  const list = operation && parseArguments(cursor, operation);
  if (operation === null || list === null) {
    return null;
  }
  const span = joinSpans(first.span, cursor.previous().span);
  return { kind: 'call', register, operation, arguments: list, span };
}

function parseOperationName(cursor: Cursor): Identifier | null {
  const token = cursor.peek();
  if (cursor.atKeywordAsName()) {
    cursor.failOnKeyword('expected an operation such as load');
    cursor.take();
    return null;
  }
  if (!cursor.atName()) {
    return cursor.failExpecting('an operation such as load');
  }
  cursor.take();
  return { name: token.text, span: token.span };
}

function parseBlock(cursor: Cursor, kind: 'thread' | 'fork', depth: number): Statement | null {
  const { span } = cursor.take();
  const name = parseName(cursor, kind === 'thread' ? 'a thread' : 'a child process');
  const body = name && parseBody(cursor, `${kind} ${name.name}`, depth + 1);
  return name && body && { kind, name, body, span: joinSpans(span, body.span) };
}

function parseRepeat(cursor: Cursor, depth: number): Statement | null {
  const { span } = cursor.take();
  const token = cursor.peek();
  if (token.kind !== 'number') {
    return cursor.failExpecting('how many times to repeat, a number');
  }
  cursor.take();
  const count: NumberLiteral = { kind: 'number', value: token.value, text: token.text, span: token.span };
  const body = parseBody(cursor, `repeat ${token.text}`, depth + 1);
  return body && { kind: 'repeat', count, body, span: joinSpans(span, body.span) };
}

function parseAssert(cursor: Cursor): Statement | null {
  const { span } = cursor.take();
  const scheme = parseSchemeTag(cursor);
  const expression = scheme === 'failed' ? null : parseExpression(cursor);
  if (scheme === 'failed' || expression === null) {
    return null;
  }
  return { kind: 'assert', scheme, expression, span: joinSpans(span, expression.span) };
}

/** Parses an optional `[SCHEME]`. */
export function parseSchemeTag(cursor: Cursor): SchemeTag | null | 'failed' {
  const open = cursor.peek().span;
  if (!cursor.accept('[')) {
    return null;
  }
  const token = cursor.peek();
  const scheme = schemeOf(token.text);
  if (token.kind !== 'word' || scheme === null) {
    const hint = suggest(token.text, ['devmap', 'refcount'], "the schemes are 'devmap' and 'refcount'");
    if (token.kind === 'word' && KEYWORDS[token.text] === undefined) {
      cursor.fail(token.span, `unknown scheme '${token.text}'`, hint);
    } else {
      cursor.failExpecting("a scheme, 'devmap' or 'refcount'");
    }
    return 'failed';
  }
  cursor.take();
  if (!cursor.accept(']')) {
    cursor.failExpecting("']' after the scheme");
    return 'failed';
  }
  return { scheme, span: joinSpans(open, cursor.previous().span) };
}

function schemeOf(word: string): Scheme | null {
  return word === 'devmap' || word === 'refcount' ? word : null;
}
