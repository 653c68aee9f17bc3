import type { ResolvedExpression, Term } from '../program/expression.ts';
import { LIMITS } from '../source/limits.ts';
import type { Span } from '../source/span.ts';
import type { BinaryOperator } from '../syntax/ast.ts';

/** Why an expression has no value, and where in it. */
export interface EvaluationFailure {
  readonly message: string;
  readonly span: Span;
}

/** Answers a term from the state of the machine. */
export type TermLookup = (term: Term) => number | EvaluationFailure;

/**
 * Value of an expression, with C's rules for integers: `&&` and `||` look at their right side only when they
 * have to, division cuts towards zero, truth is 1 or 0. Dividing by zero and leaving the range of exact
 * integers (2^53 - 1 either way) are failures.
 */
export function evaluate(expression: ResolvedExpression, lookup: TermLookup): number | EvaluationFailure {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'unary': {
      const operand = evaluate(expression.operand, lookup);
      if (typeof operand !== 'number') {
        return operand;
      }
      return expression.operator === '!' ? Number(operand === 0) : 0 - operand;
    }
    case 'binary':
      return evaluateBinary(expression, lookup);
    default:
      return lookup(expression);
  }
}

type BinaryExpression = Extract<ResolvedExpression, { kind: 'binary' }>;

function evaluateBinary(expression: BinaryExpression, lookup: TermLookup): number | EvaluationFailure {
  const { operator, span } = expression;
  const left = evaluate(expression.left, lookup);
  if (typeof left !== 'number') {
    return left;
  }
  if ((operator === '&&' && left === 0) || (operator === '||' && left !== 0)) {
    return Number(left !== 0);
  }
  const right = evaluate(expression.right, lookup);
  if (typeof right !== 'number') {
    return right;
  }
  if (right === 0 && (operator === '/' || operator === '%')) {
    return { message: 'division by zero', span };
  }
  const value = apply(operator, left, right);
  if (Math.abs(value) > LIMITS.number) {
    return { message: 'the result does not fit: numbers go up to 2^53 - 1', span };
  }
  return value;
}

function apply(operator: BinaryOperator, left: number, right: number): number {
  switch (operator) {
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '<':
      return Number(left < right);
    case '<=':
      return Number(left <= right);
    case '>':
      return Number(left > right);
    case '>=':
      return Number(left >= right);
    case '&&':
    case '||':
      return Number(right !== 0);
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right + 0;
    case '/':
      return Math.trunc(left / right) + 0;
    case '%':
      return (left % right) + 0;
  }
}
