import type { Operation, Parameter } from './operation.ts';

/** How an operation is called: `pin(mapping, offset, length, [read|write], [longterm])`. */
export function signatureOf(operation: Operation): string {
  return `${operation.name}(${operation.parameters.map(parameterText).join(', ')})`;
}

/** Longer lists of words are in the manual. */
const LISTED_WORDS = 6;

function parameterText(parameter: Parameter): string {
  const text = requiredText(parameter);
  return parameter.required ? text : `[${text}]`;
}

function requiredText(parameter: Parameter): string {
  const { name, type, namedOnly, required } = parameter;
  if (type.kind === 'choice') {
    const words = type.words.length > LISTED_WORDS ? name.toUpperCase() : type.words.join('|');
    return required && type.words.length <= LISTED_WORDS ? `${name}=${words}` : words;
  }
  if (type.kind === 'text') {
    return `"${name}"`;
  }
  return namedOnly ? `${name}=` : name;
}
