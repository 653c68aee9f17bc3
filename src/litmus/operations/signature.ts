import type { Operation, Parameter } from './operation.ts';

/** How an operation is called: `pin(mapping, offset, length, [read|write], [longterm])`. */
export function signatureOf(operation: Operation): string {
  return `${operation.name}(${operation.parameters.map(parameterText).join(', ')})`;
}

function parameterText(parameter: Parameter): string {
  const text = requiredText(parameter);
  return parameter.required ? text : `[${text}]`;
}

function requiredText(parameter: Parameter): string {
  const { name, type, namedOnly } = parameter;
  if (type.kind === 'choice') {
    return type.words.length > 6 ? name.toUpperCase() : type.words.join('|');
  }
  if (type.kind === 'text') {
    return `"${name}"`;
  }
  return namedOnly ? `${name}=` : name;
}
