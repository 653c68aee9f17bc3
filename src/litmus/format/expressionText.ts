import type { Accessor, Expression } from '../syntax/ast.ts';

/** An expression in its one layout: blanks around binary operators, none elsewhere. */
export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return expression.text;
    case 'boolean':
      return String(expression.value);
    case 'idle':
      return 'idle';
    case 'path':
      return expression.root.name + expression.accessors.map(accessorText).join('');
    case 'unary':
      return expression.operator + expressionText(expression.operand);
    case 'binary':
      return `${expressionText(expression.left)} ${expression.operator} ${expressionText(expression.right)}`;
    case 'parenthesized':
      return `(${expressionText(expression.inner)})`;
  }
}

function accessorText(accessor: Accessor): string {
  return accessor.kind === 'field' ? `.${accessor.name}` : `[${expressionText(accessor.index)}]`;
}
