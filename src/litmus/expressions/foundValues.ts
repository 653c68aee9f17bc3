import { termText } from '../format/termText.ts';
import type { ResolvedExpression, Term } from '../program/expression.ts';
import type { Program } from '../program/program.ts';
import type { TermLookup } from './evaluate.ts';

/** What each term of an expression has for a value at this moment, in the order of the text; null for a register that was never set. */
export function foundValues(
  expression: ResolvedExpression,
  program: Program,
  lookup: TermLookup,
): Record<string, number | null> {
  const values: Record<string, number | null> = {};
  for (const term of termsOf(expression)) {
    const value = lookup(term);
    if (typeof value === 'number') values[termText(term, program)] = Number.isNaN(value) ? null : value;
  }
  return values;
}

function termsOf(expression: ResolvedExpression): readonly Term[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'unary':
      return termsOf(expression.operand);
    case 'binary':
      return [...termsOf(expression.left), ...termsOf(expression.right)];
    default:
      return [expression];
  }
}
