import { evaluate } from '../expressions/evaluate.ts';
import type { ResolvedExpression } from '../program/expression.ts';
import type { BinaryExpression, Expression, IdleTerm } from '../syntax/ast.ts';
import { comparedDevices } from './comparedDevices.ts';
import type { Scope } from './scope.ts';
import { resolvePath } from './terms.ts';

const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];

/** Resolves the names in an expression; null after an error, which is then reported. */
export function resolveExpression(expression: Expression, scope: Scope): ResolvedExpression | null {
  return resolveWithin(expression, scope, null);
}

/** `compared` is the devices that the comparison around names, null outside of any. */
function resolveWithin(
  expression: Expression,
  scope: Scope,
  compared: ReadonlySet<number> | null,
): ResolvedExpression | null {
  const { span } = expression;
  switch (expression.kind) {
    case 'number':
      return { kind: 'number', value: expression.value, span };
    case 'boolean':
      return { kind: 'number', value: Number(expression.value), span };
    case 'parenthesized':
      return resolveWithin(expression.inner, scope, compared);
    case 'unary': {
      const operand = resolveWithin(expression.operand, scope, compared);
      return operand && foldConstants({ kind: 'unary', operator: expression.operator, operand, span }, scope);
    }
    case 'binary':
      return resolveBinary(expression, scope, compared);
    case 'idle':
      return resolveIdle(expression, scope, compared);
    case 'path':
      return resolvePath(expression, scope, (index) => resolveWithin(index, scope, null));
  }
}

function resolveBinary(
  expression: BinaryExpression,
  scope: Scope,
  compared: ReadonlySet<number> | null,
): ResolvedExpression | null {
  const { operator, span } = expression;
  let around = compared;
  if (COMPARISONS.includes(operator)) {
    around = comparedDevices([expression.left, expression.right], scope);
  } else if (operator === '&&' || operator === '||') {
    around = null;
  }
  const left = resolveWithin(expression.left, scope, around);
  const right = resolveWithin(expression.right, scope, around);
  if (left === null || right === null) {
    return null;
  }
  return foldConstants({ kind: 'binary', operator, left, right, span }, scope);
}

/**
 * Computes what needs no machine, so that nobody computes it again at every step; arithmetic that has no value
 * is found before the test runs.
 */
function foldConstants(expression: ResolvedExpression, scope: Scope): ResolvedExpression | null {
  const { kind, span } = expression;
  if (kind === 'binary' && expression.right.kind === 'number' && expression.right.value === 0) {
    if (expression.operator === '/' || expression.operator === '%') {
      return scope.report.error(expression.right.span, 'division by zero', 'divide by something else');
    }
  }
  const isConstant =
    (kind === 'unary' && expression.operand.kind === 'number') ||
    (kind === 'binary' && expression.left.kind === 'number' && expression.right.kind === 'number');
  if (!isConstant) {
    return expression;
  }
  const value = evaluate(expression, () => 0);
  if (typeof value !== 'number') {
    return scope.report.error(value.span, value.message, 'use smaller numbers');
  }
  return { kind: 'number', value, span };
}

function resolveIdle(
  term: IdleTerm,
  scope: Scope,
  compared: ReadonlySet<number> | null,
): ResolvedExpression | null {
  const hint = 'compare it with the count of one device: d[0].refcount == idle';
  const { report } = scope;
  if (compared === null) {
    return report.error(term.span, "'idle' outside of a comparison", hint);
  }
  const [device, other] = compared;
  if (device === undefined) {
    return report.error(term.span, "'idle' in a comparison that names no device", hint);
  }
  if (other !== undefined) {
    return report.error(term.span, "'idle' in a comparison that names several devices", hint);
  }
  return { kind: 'idle', device, span: term.span };
}
