import type { Argument, Expression } from '../syntax/ast.ts';
import { argumentText } from './callText.ts';
import { expressionText } from './expressionText.ts';

/** Columns of a line, unless a single piece is longer. */
export const LINE_WIDTH = 100;

/** Puts `prefix` and the pieces on as few lines as fit; later lines begin below the first piece. */
export function wrap(prefix: string, pieces: readonly string[]): string[] {
  const indent = ' '.repeat(prefix.length);
  const lines: string[] = [];
  let line = prefix;
  let isEmpty = true;
  for (const piece of pieces) {
    if (isEmpty) {
      line += piece;
    } else if (line.length + 1 + piece.length <= LINE_WIDTH) {
      line += ` ${piece}`;
    } else {
      lines.push(line);
      line = indent + piece;
    }
    isEmpty = false;
  }
  lines.push(line);
  return lines;
}

/** The pieces of an argument list, its closing parenthesis at the last. */
export function argumentPieces(list: readonly Argument[]): readonly string[] {
  if (list.length === 0) {
    return [')'];
  }
  return list.map((argument, index) => argumentText(argument) + (index === list.length - 1 ? ')' : ','));
}

/** The pieces of an expression: it is broken before its outermost `&&`s or `||`s only. */
export function expressionPieces(expression: Expression): readonly string[] {
  if (expression.kind !== 'binary' || (expression.operator !== '&&' && expression.operator !== '||')) {
    return [expressionText(expression)];
  }
  const pieces: string[] = [];
  let rest: Expression = expression;
  while (rest.kind === 'binary' && rest.operator === expression.operator) {
    pieces.unshift(`${rest.operator} ${expressionText(rest.right)}`);
    rest = rest.left;
  }
  return [expressionText(rest), ...pieces];
}
