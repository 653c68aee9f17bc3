import { suggest } from '../source/nearestName.ts';
import { joinSpans } from '../source/span.ts';
import type {
  Comment,
  ConditionKind,
  DeviceKind,
  Identifier,
  LitmusFile,
  StringLiteral,
  TopLevelItem,
} from './ast.ts';
import { parseArguments, parseName } from './callParser.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressionParser.ts';
import { isKeyword, TOP_LEVEL_KEYWORDS } from './keywords.ts';
import { parseBody, parseSchemeTag } from './statementParser.ts';
import { describeToken, type Token } from './token.ts';

/** Parses a whole test; what does not parse is reported at the cursor and left out of the tree. */
export function parseFile(cursor: Cursor, comments: readonly Comment[]): LitmusFile {
  const first = cursor.peek();
  const name = parseHeader(cursor) ?? { name: '', span: first.span };
  const description = cursor.peek().kind === 'string' ? parseString(cursor) : null;
  const items: TopLevelItem[] = [];
  while (!cursor.atEnd()) {
    const item = parseItem(cursor);
    if (item !== null) {
      items.push(item);
    }
  }
  const span = joinSpans(first.span, cursor.peek().span);
  return { kind: 'file', name, description, items, comments, span };
}

function parseHeader(cursor: Cursor): Identifier | null {
  const token = cursor.peek();
  if (!cursor.atWord('DAX')) {
    const message = token.kind === 'end' ? 'the file is empty' : "no 'DAX' at the beginning";
    return cursor.fail(token.span, message, 'a test begins with DAX NAME "one sentence"');
  }
  cursor.take();
  const name = cursor.peek();
  if (name.kind !== 'dashedWord') {
    return cursor.failExpecting("the test's name: a letter, then letters, digits, '_' and '-'");
  }
  cursor.take();
  return { name: name.text, span: name.span };
}

function parseItem(cursor: Cursor): TopLevelItem | null {
  const token = cursor.peek();
  const item = parseKnownItem(cursor);
  if (item !== undefined) {
    if (item === null) {
      cursor.skipToTopLevel();
    }
    return item;
  }
  cursor.take();
  if (token.text === '}' && token.kind === 'symbol') {
    if (cursor.strayBraces > 0) {
      cursor.strayBraces -= 1;
      return null;
    }
    return cursor.fail(
      token.span,
      "'}' closes nothing",
      'remove it, or find the body that was closed too early',
    );
  }
  reportOutsider(cursor, token);
  cursor.skipToTopLevel();
  return null;
}

/** Reports a token, already taken, that begins no item. */
function reportOutsider(cursor: Cursor, token: Token): void {
  if (token.kind === 'word' && token.text === 'DAX') {
    cursor.fail(token.span, 'a second test in the file', 'one test a file; move it to a file of its own');
    return;
  }
  const expected = cursor.atSymbol('{')
    ? "expected 'process' before it, since a body follows"
    : "expected 'device', 'process', 'always', 'finally', 'exists', 'never' or 'hazard'";
  const hint = token.kind === 'word' ? suggest(token.text, TOP_LEVEL_KEYWORDS, expected) : expected;
  cursor.fail(token.span, `${describeToken(token)} cannot stand outside of a process`, hint);
}

/** The item at the cursor; null when it did not parse, undefined when there is none. */
function parseKnownItem(cursor: Cursor): TopLevelItem | null | undefined {
  const { text, kind } = cursor.peek();
  if (kind !== 'word') {
    return undefined;
  }
  switch (text) {
    case 'device':
      return parseDevice(cursor);
    case 'process':
      return parseProcess(cursor);
    case 'always':
    case 'finally':
    case 'exists':
    case 'never':
      return parseCondition(cursor, text);
    case 'hazard':
      return parseHazard(cursor);
    default:
      return undefined;
  }
}

function parseDevice(cursor: Cursor): TopLevelItem | null {
  const { span } = cursor.take();
  const name = parseName(cursor, 'a device');
  if (name === null) {
    return null;
  }
  if (!cursor.accept('=')) {
    return cursor.failExpecting("'=' and 'devdax(size=…)' or 'fsdax(size=…)'");
  }
  const deviceKind = deviceKindAt(cursor);
  if (deviceKind === null) {
    return null;
  }
  const callee: Identifier = { name: deviceKind, span: cursor.take().span };
  const list = parseArguments(cursor, callee);
  if (list === null) {
    return null;
  }
  return { kind: 'device', name, deviceKind, arguments: list, span: joinSpans(span, cursor.previous().span) };
}

function deviceKindAt(cursor: Cursor): DeviceKind | null {
  const token = cursor.peek();
  if (token.kind === 'word' && (token.text === 'devdax' || token.text === 'fsdax')) {
    return token.text;
  }
  if (token.kind === 'word' && !isKeyword(token.text)) {
    const hint = suggest(token.text, ['devdax', 'fsdax'], "there are 'devdax' and 'fsdax'");
    return cursor.fail(token.span, `unknown kind of device '${token.text}'`, hint);
  }
  return cursor.failExpecting("'devdax' or 'fsdax'");
}

function parseProcess(cursor: Cursor): TopLevelItem | null {
  const { span } = cursor.take();
  const name = parseName(cursor, 'a process');
  const body = name && parseBody(cursor, `process ${name.name}`, 1);
  return name && body && { kind: 'process', name, body, span: joinSpans(span, body.span) };
}

function parseCondition(cursor: Cursor, conditionKind: ConditionKind): TopLevelItem | null {
  const { span } = cursor.take();
  const scheme = parseSchemeTag(cursor);
  const expression = scheme === 'failed' ? null : parseExpression(cursor);
  if (scheme === 'failed' || expression === null) {
    return null;
  }
  return { kind: 'condition', conditionKind, scheme, expression, span: joinSpans(span, expression.span) };
}

function parseHazard(cursor: Cursor): TopLevelItem | null {
  const { span } = cursor.take();
  const scheme = parseSchemeTag(cursor);
  if (scheme === 'failed') {
    return null;
  }
  const token = cursor.peek();
  if (token.kind !== 'dashedWord') {
    return cursor.failExpecting('the property that Linux breaks here');
  }
  cursor.take();
  if (cursor.peek().kind !== 'string') {
    return cursor.failExpecting('why, in double quotes');
  }
  const reason = parseString(cursor);
  const property: Identifier = { name: token.text, span: token.span };
  return { kind: 'hazard', scheme, property, reason, span: joinSpans(span, reason.span) };
}

function parseString(cursor: Cursor): StringLiteral {
  const token = cursor.take();
  return { kind: 'string', value: token.text, span: token.span };
}
