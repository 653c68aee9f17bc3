import { applyBinary, applyUnary } from '../dialect/constants.ts';
import type { HelperDeclaration } from '../dialect/source.ts';
import type { Expression } from '../dialect/tree.ts';
import type { Selection } from '../link/selection.ts';

const CERTAIN: Expression = { kind: 'number', value: 1 };
const IMPOSSIBLE: Expression = { kind: 'number', value: 0 };

/** The number that an expression certainly is. */
export function knownNumber(expression: Expression): number | undefined {
  return expression.kind === 'number' ? expression.value : undefined;
}

/** Builds an expression from parts that are folded already, computing what is known. */
export function fold(expression: Expression): Expression {
  switch (expression.kind) {
    case 'boolean':
      return expression.value ? CERTAIN : IMPOSSIBLE;
    case 'unary': {
      const operand = knownNumber(expression.operand);
      return operand === undefined ? expression : numberOf(applyUnary(expression.operator, operand));
    }
    case 'binary': {
      const left = knownNumber(expression.left);
      const right = knownNumber(expression.right);
      if (left === undefined || right === undefined) return expression;
      return numberOf(applyBinary(expression.operator, left, right));
    }
    case 'logical': {
      const left = knownNumber(expression.left);
      if (left === undefined) return expression;
      return (left !== 0) === (expression.operator === '&&') ? expression.right : expression.left;
    }
    case 'conditional': {
      const test = knownNumber(expression.test);
      if (test === undefined) return expression;
      return test !== 0 ? expression.consequent : expression.alternate;
    }
    default:
      return expression;
  }
}

function numberOf(value: number): Expression {
  return { kind: 'number', value: value + 0 };
}

/** Puts other expressions in the place of locals, where `replacement` gives one, and folds what comes of it. */
export function substituteLocals(
  expression: Expression,
  replacement: (local: number) => Expression | undefined,
): Expression {
  const inner = (part: Expression): Expression => substituteLocals(part, replacement);
  switch (expression.kind) {
    case 'local':
      return replacement(expression.local) ?? expression;
    case 'unary':
      return fold({ ...expression, operand: inner(expression.operand) });
    case 'binary':
    case 'logical':
      return fold({ ...expression, left: inner(expression.left), right: inner(expression.right) });
    case 'conditional':
      return fold({
        ...expression,
        test: inner(expression.test),
        consequent: inner(expression.consequent),
        alternate: inner(expression.alternate),
      });
    case 'call':
      return { ...expression, arguments: expression.arguments.map(inner) };
    default:
      return expression;
  }
}

/** Replaces the locals of an expression without steps, names resolved and folded on the way. */
export function substitute(
  selection: Selection,
  resolve: (name: string) => string,
  expression: Expression,
  local: (local: number) => Expression,
): Expression {
  const inner = (part: Expression): Expression => substitute(selection, resolve, part, local);
  switch (expression.kind) {
    case 'number':
    case 'text':
    case 'field':
      return expression;
    case 'boolean':
      return fold(expression);
    case 'local':
      return local(expression.local);
    case 'constant':
      return { kind: 'number', value: selection.constants.get(resolve(expression.name)) ?? 0 };
    case 'unary':
      return fold({ ...expression, operand: inner(expression.operand) });
    case 'binary':
    case 'logical':
      return fold({ ...expression, left: inner(expression.left), right: inner(expression.right) });
    case 'conditional':
      return fold({
        ...expression,
        test: inner(expression.test),
        consequent: inner(expression.consequent),
        alternate: inner(expression.alternate),
      });
    case 'call':
      return foldCall(selection, {
        ...expression,
        name: resolve(expression.name),
        arguments: expression.arguments.map(inner),
      });
  }
}

type Call = Extract<Expression, { kind: 'call' }>;

/** Computes a call of a helper or a pure local function when that gives a number; else leaves it as a call. */
export function foldCall(selection: Selection, call: Call): Expression {
  const step = selection.scope.steps.get(call.name);
  if (step?.kind === 'pure') {
    const known = call.arguments.map(knownNumber).filter((value) => value !== undefined);
    if (known.length < call.arguments.length) return call;
    const compute = step.step as unknown as (machine: undefined, ...args: readonly number[]) => number;
    return numberOf(compute(undefined, ...known));
  }
  const called = selection.callables.get(call.name);
  if (called?.declaration.kind !== 'helper') return call;
  const helper: HelperDeclaration = called.declaration;
  const value = substitute(
    selection,
    (name) => selection.resolve(called, name),
    helper.value,
    (parameter) => call.arguments[parameter] ?? IMPOSSIBLE,
  );
  return value.kind === 'number' ? value : call;
}
