import { LIMITS } from '../source/limits.ts';
import { joinSpans } from '../source/span.ts';
import type { Accessor, BinaryOperator, Expression, Identifier } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { unexpected } from './token.ts';

/** Binding strength of the binary operators, as in C: a larger number binds tighter. */
export const BINARY_PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};

/** What C's operators on bits are read as, once they are reported. */
const LOGICAL_FOR: Readonly<Record<string, BinaryOperator>> = { '&': '&&', '|': '||' };

interface Budget {
  depth: number;
  operators: number;
  /** What to do where an operator on bits stands; null where the logical one may be meant. */
  readonly bitsHint: string | null;
}

/**
 * Parses one expression; null after an error, which is then reported. `bitsHint` says what to write in the place of `|`, where
 * that is not `||`.
 */
export function parseExpression(cursor: Cursor, bitsHint: string | null = null): Expression | null {
  const expression = parseBinary(cursor, { depth: 0, operators: 0, bitsHint }, 1);
  if (expression !== null && cursor.atSymbol('=')) {
    return cursor.fail(cursor.peek().span, "unexpected '='", "write '==' to compare");
  }
  return expression;
}

function parseBinary(cursor: Cursor, budget: Budget, weakest: number): Expression | null {
  let left = parseUnary(cursor, budget);
  while (left !== null) {
    const operator = binaryOperatorAt(cursor, budget);
    if (operator === null || BINARY_PRECEDENCE[operator] < weakest) {
      return left;
    }
    budget.operators += 1;
    if (budget.operators > LIMITS.operators) {
      const hint = 'split the condition into several';
      return cursor.stop(
        cursor.peek().span,
        `more than ${LIMITS.operators} operators in one expression`,
        hint,
      );
    }
    cursor.take();
    const right = parseBinary(cursor, budget, BINARY_PRECEDENCE[operator] + 1);
    if (right === null) {
      return null;
    }
    left = { kind: 'binary', operator, left, right, span: joinSpans(left.span, right.span) };
  }
  return null;
}

function binaryOperatorAt(cursor: Cursor, { bitsHint }: Budget): BinaryOperator | null {
  const token = cursor.peek();
  if (token.kind !== 'symbol') {
    return null;
  }
  const logical = LOGICAL_FOR[token.text];
  if (logical !== undefined) {
    cursor.fail(token.span, unexpected(token), bitsHint ?? `write '${logical}'`);
    return logical;
  }
  return isBinaryOperator(token.text) ? token.text : null;
}

function isBinaryOperator(symbol: string): symbol is BinaryOperator {
  return Object.hasOwn(BINARY_PRECEDENCE, symbol);
}

function parseUnary(cursor: Cursor, budget: Budget): Expression | null {
  const token = cursor.peek();
  if (token.kind !== 'symbol' || (token.text !== '!' && token.text !== '-')) {
    return parsePrimary(cursor, budget);
  }
  return nested(cursor, budget, () => {
    const operator = cursor.take().text === '!' ? '!' : '-';
    const operand = parseUnary(cursor, budget);
    return operand && { kind: 'unary', operator, operand, span: joinSpans(token.span, operand.span) };
  });
}

function parsePrimary(cursor: Cursor, budget: Budget): Expression | null {
  const token = cursor.peek();
  const { span } = token;
  if (token.kind === 'number') {
    cursor.take();
    return { kind: 'number', value: token.value, text: token.text, span };
  }
  if (cursor.atWord('true') || cursor.atWord('false')) {
    cursor.take();
    return { kind: 'boolean', value: token.text === 'true', span };
  }
  if (cursor.atWord('idle')) {
    cursor.take();
    return { kind: 'idle', span };
  }
  if (cursor.atSymbol('(')) {
    return parseParenthesized(cursor, budget);
  }
  if (cursor.atName() && !cursor.atSymbol('(', 1)) {
    return parsePath(cursor, budget);
  }
  if (cursor.atName() && !token.startsLine) {
    const hint = 'let a register take the result of an operation, r = load(…), and use that';
    return cursor.fail(span, `'${token.text}' is no value`, hint);
  }
  if (cursor.atKeywordAsName()) {
    cursor.failOnKeyword('choose another name');
    return parsePath(cursor, budget);
  }
  return cursor.failExpecting(
    'a value: a number, a register, a term such as d[0].refcount, or an errno name',
  );
}

function parseParenthesized(cursor: Cursor, budget: Budget): Expression | null {
  const { span } = cursor.peek();
  return nested(cursor, budget, () => {
    cursor.take();
    const inner = parseBinary(cursor, budget, 1);
    if (inner === null) {
      return null;
    }
    const close = cursor.peek().span;
    if (!cursor.accept(')')) {
      return cursor.failExpecting(`')' for the '(' at ${span.line}:${span.column}, or an operator`);
    }
    return { kind: 'parenthesized', inner, span: joinSpans(span, close) };
  });
}

function parsePath(cursor: Cursor, budget: Budget): Expression | null {
  const token = cursor.take();
  const root: Identifier = { name: token.text, span: token.span };
  const accessors: Accessor[] = [];
  while (cursor.atSymbol('.') || cursor.atSymbol('[')) {
    const accessor = cursor.atSymbol('.') ? parseField(cursor) : parseIndex(cursor, budget);
    if (accessor === null) {
      return null;
    }
    accessors.push(accessor);
  }
  return { kind: 'path', root, accessors, span: joinSpans(root.span, cursor.previous().span) };
}

function parseField(cursor: Cursor): Accessor | null {
  cursor.take();
  const token = cursor.peek();
  if (cursor.atKeywordAsName()) {
    cursor.failOnKeyword('expected the name of a field or register');
  } else if (!cursor.atName()) {
    return cursor.failExpecting('the name of a field or register');
  }
  cursor.take();
  return { kind: 'field', name: token.text, span: token.span };
}

function parseIndex(cursor: Cursor, budget: Budget): Accessor | null {
  const { span } = cursor.peek();
  return nested(cursor, budget, () => {
    cursor.take();
    const index = parseBinary(cursor, budget, 1);
    if (index === null) {
      return null;
    }
    const close = cursor.peek().span;
    if (!cursor.accept(']')) {
      return cursor.failExpecting(`']' for the '[' at ${span.line}:${span.column}, or an operator`);
    }
    return { kind: 'index', index, span: joinSpans(span, close) };
  });
}

/** Keeps the parser's own stack, and every later walk over the tree, within bounds. */
function nested<Result>(cursor: Cursor, budget: Budget, parse: () => Result | null): Result | null {
  if (budget.depth >= LIMITS.nesting) {
    const hint = 'simplify the expression';
    return cursor.stop(cursor.peek().span, `an expression nested more than ${LIMITS.nesting} deep`, hint);
  }
  budget.depth += 1;
  const result = parse();
  budget.depth -= 1;
  return result;
}
