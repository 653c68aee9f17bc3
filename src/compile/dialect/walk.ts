import type { Expression, Statement } from './tree.ts';

const LEAVES = ['number', 'boolean', 'text', 'local', 'constant', 'field'] as const;

/** An expression that consists of no others. */
export type Leaf = Extract<Expression, { readonly kind: (typeof LEAVES)[number] }>;

export function isLeaf(expression: Expression): expression is Leaf {
  return (LEAVES as readonly string[]).includes(expression.kind);
}

/** The expressions that an expression consists of, in the order in which they are evaluated. */
export function partsOf(expression: Expression): readonly Expression[] {
  if (isLeaf(expression)) return [];
  switch (expression.kind) {
    case 'unary':
      return [expression.operand];
    case 'binary':
    case 'logical':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.test, expression.consequent, expression.alternate];
    case 'call':
      return expression.arguments;
  }
}

/** Calls back on an expression and all that it consists of, parts first. */
export function walkExpression(expression: Expression, visit: (expression: Expression) => void): void {
  for (const part of partsOf(expression)) walkExpression(part, visit);
  visit(expression);
}

/** Calls back on every statement of a body, those in branches and loops included. */
export function walkStatements(body: readonly Statement[], visit: (statement: Statement) => void): void {
  for (const statement of body) {
    visit(statement);
    if (statement.kind === 'if') {
      walkStatements(statement.consequent, visit);
      walkStatements(statement.alternate, visit);
    } else if (statement.kind === 'loop') {
      walkStatements(statement.body, visit);
      walkStatements(statement.update, visit);
    }
  }
}

/** The expressions that stand directly in a statement. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assign':
    case 'evaluate':
      return [statement.value];
    case 'if':
      return [statement.test];
    case 'loop':
      return statement.test === null ? [] : [statement.test];
    case 'return':
      return statement.value === null ? [] : [statement.value];
    case 'break':
    case 'continue':
      return [];
  }
}
