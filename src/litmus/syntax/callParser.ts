import { LIMITS } from '../source/limits.ts';
import { joinSpans, type Span } from '../source/span.ts';
import type { Argument, Identifier } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressionParser.ts';

/**
 * Parses a name that the writer chooses; `what` says for what. A keyword in its place is taken for the name once it is
 * reported, so that nothing follows from it.
 */
export function parseName(cursor: Cursor, what: string): Identifier | null {
  const token = cursor.peek();
  if (!cursor.atName()) {
    if (token.kind !== 'word' || token.startsLine) {
      return cursor.failExpecting(`the name of ${what}`);
    }
    cursor.failOnKeyword(`choose another name for ${what}`);
    if (!cursor.atKeywordAsName() && !cursor.atSymbol('{', 1)) {
      return null;
    }
  }
  cursor.take();
  return { name: token.text, span: token.span };
}

/**
 * Parses `( arg, … )`; `callee` is what they are the arguments of. An argument that does not parse is reported
 * and left out, so that the ones after it are looked at too; null when no end of the list is found.
 */
export function parseArguments(cursor: Cursor, callee: Identifier): readonly Argument[] | null {
  const open = cursor.peek().span;
  if (!cursor.accept('(')) {
    return cursor.failExpecting(`'(' and the arguments of '${callee.name}'`);
  }
  const list: Argument[] = [];
  while (!cursor.accept(')')) {
    const argument = parseArgument(cursor);
    if (argument !== null) {
      list.push(argument);
    }
    if (!parseSeparator(cursor, callee, open)) {
      return null;
    }
    if (list.length > LIMITS.callArguments) {
      const message = `more than ${LIMITS.callArguments} arguments`;
      return cursor.stop(cursor.peek().span, message, `no operation takes so many`);
    }
  }
  return list;
}

/** At the end of an argument: takes a comma, leaves a closing parenthesis; false when neither is found. */
function parseSeparator(cursor: Cursor, callee: Identifier, open: Span): boolean {
  if (!cursor.atSymbol(')') && !cursor.atSymbol(',')) {
    const opened = `'(' at ${open.line}:${open.column}`;
    cursor.failExpecting(`',' or the ')' that ends the arguments of '${callee.name}', for the ${opened}`);
    if (!cursor.skipToArgumentEnd()) {
      return false;
    }
  }
  if (cursor.accept(',') && cursor.atSymbol(')')) {
    cursor.failExpecting("an argument after the ','");
  }
  return true;
}

function parseArgument(cursor: Cursor): Argument | null {
  const first = cursor.peek();
  let name: Identifier | null = null;
  if (first.kind === 'word' && cursor.atSymbol('=', 1)) {
    cursor.take();
    cursor.take();
    name = { name: first.text, span: first.span };
  }
  const token = cursor.peek();
  if (token.kind === 'string') {
    cursor.take();
    const value = { kind: 'string' as const, value: token.text, span: token.span };
    return { name, value, span: joinSpans(first.span, token.span) };
  }
  if (cursor.atSymbol(',') || (cursor.atSymbol(')') && name !== null)) {
    return cursor.failExpecting('an argument');
  }
  const value = parseExpression(cursor, bitsHintFor(name));
  return value && { name, value, span: joinSpans(first.span, value.span) };
}

function bitsHintFor(name: Identifier | null): string {
  return name === null
    ? 'separate flags by commas'
    : `give '${name.name}' one value, and separate flags by commas`;
}
