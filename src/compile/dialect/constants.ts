import type { Expression } from './tree.ts';

/**
 * The value of an expression over constants.
 * @throws {Error} if something in it is not a constant, or not an integer
 */
export function evaluateConstant(expression: Expression, constantValue: (name: string) => number): number {
  const evaluate = (inner: Expression): number => evaluateConstant(inner, constantValue);
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'constant':
      return constantValue(expression.name);
    case 'unary':
      return applyUnary(expression.operator, evaluate(expression.operand));
    case 'binary':
      return applyBinary(expression.operator, evaluate(expression.left), evaluate(expression.right));
    case 'conditional':
      return evaluate(expression.test) ? evaluate(expression.consequent) : evaluate(expression.alternate);
    default:
      throw new Error('a constant is an integer expression over constants');
  }
}

/** What an operator of the dialect makes of a number; truth values are 1 and 0. */
export function applyUnary(operator: '-' | '+' | '~' | '!', value: number): number {
  switch (operator) {
    case '-':
      return -value;
    case '+':
      return value;
    case '~':
      return ~value;
    case '!':
      return value ? 0 : 1;
  }
}

/** What an operator of the dialect makes of two numbers; truth values are 1 and 0. */
export function applyBinary(
  operator: Extract<Expression, { kind: 'binary' }>['operator'],
  left: number,
  right: number,
): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '%':
      return left % right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return left << right;
    case '>>':
      return left >> right;
    case '>>>':
      return left >>> right;
    case '===':
      return left === right ? 1 : 0;
    case '!==':
      return left !== right ? 1 : 0;
    case '<':
      return left < right ? 1 : 0;
    case '<=':
      return left <= right ? 1 : 0;
    case '>':
      return left > right ? 1 : 0;
    case '>=':
      return left >= right ? 1 : 0;
  }
}
