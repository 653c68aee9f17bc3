import type { Argument, HazardDeclaration, OperationCall, StringLiteral } from '../syntax/ast.ts';
import { expressionText } from './expressionText.ts';

/** A string in quotes, as it is written. */
export function stringText(literal: StringLiteral): string {
  return `"${literal.value.replace(/["\\]/g, '\\$&')}"`;
}

/** One argument: `offset=0`, `rw`, `"name"`. */
export function argumentText(argument: Argument): string {
  const value =
    argument.value.kind === 'string' ? stringText(argument.value) : expressionText(argument.value);
  return argument.name === null ? value : `${argument.name.name}=${value}`;
}

/** An operation on one line, with its register: `m = mmap(d, offset=0, length=8K, prot=rw)`. */
export function callText(call: OperationCall): string {
  const target = call.register === null ? '' : `${call.register.name} = `;
  return `${target}${call.operation.name}(${call.arguments.map(argumentText).join(', ')})`;
}

/** A hazard without its keyword. */
export function hazardText(hazard: HazardDeclaration): string {
  return `${hazard.property.name} ${stringText(hazard.reason)}`;
}
