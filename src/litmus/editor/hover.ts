import { DEVICE_KINDS } from '../operations/deviceKinds.ts';
import { signatureOf } from '../operations/signature.ts';
import { isOperationName, operationNamed } from '../operations/table.ts';
import { KIND_TEXTS } from '../resolve/kinds.ts';
import { constantNamed } from '../resolve/names.ts';
import { endOf, type Span } from '../source/span.ts';
import { KEYWORDS } from '../syntax/keywords.ts';
import { readTokens } from '../syntax/lexer.ts';
import type { Token } from '../syntax/token.ts';
import { isPropertyName, PROPERTIES } from '../vocabulary/properties.ts';
import { fieldsAt } from './fields.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';

export interface Hover {
  readonly span: Span;
  /** Plain text, lines separated by a line end. */
  readonly text: string;
}

/** What the word or number at an offset means; null where there is nothing to say. */
export function hover(source: string, offset: number): Hover | null {
  const { tokens } = readTokens(source);
  const index = tokens.findIndex(({ span }) => span.offset <= offset && offset < endOf(span));
  const token = tokens[index];
  const text =
    token === undefined ? null : textOf(token, index, tokens, () => surroundingsOf(source, offset));
  return token === undefined || text === null ? null : { span: token.span, text };
}

function textOf(
  token: Token,
  index: number,
  tokens: readonly Token[],
  around: () => Surroundings,
): string | null {
  if (token.kind === 'number') {
    return token.text === String(token.value) ? null : `${token.text} = ${token.value}`;
  }
  if (token.kind === 'dashedWord') {
    return isPropertyName(token.text) ? PROPERTIES[token.text] : null;
  }
  if (token.kind !== 'word') {
    return null;
  }
  if (tokens[index - 1]?.text === '.') {
    const field = fieldsAt(tokens.slice(0, index), around()).find(([name]) => name === token.text);
    return field === undefined ? null : `${field[0]}: ${field[1]}`;
  }
  if (tokens[index + 1]?.text === '(' && isOperationName(token.text)) {
    const operation = operationNamed(token.text);
    return `${signatureOf(operation)}\n${operation.doc}\nGives ${operation.returns}.`;
  }
  if (token.text === 'devdax' || token.text === 'fsdax') {
    return `${signatureOf(DEVICE_KINDS[token.text])}\n${DEVICE_KINDS[token.text].doc}`;
  }
  return KEYWORDS[token.text] ?? nameText(token.text, around());
}

function nameText(name: string, { devices, outline, process }: Surroundings): string | null {
  const device = devices.find((candidate) => candidate.name === name);
  if (device !== undefined) {
    return `device ${name}: ${device.kind}, ${device.size} bytes, entries of ${device.align} bytes`;
  }
  const owners = process === null ? outline.processes : [process, ...outline.processes];
  for (const owner of owners) {
    const register = owner.registers.get(name);
    if (register?.kind) {
      return `register ${owner.name}.${name}: ${KIND_TEXTS[register.kind].noun}`;
    }
  }
  if (outline.processes.some((candidate) => candidate.name === name)) {
    return `process ${name}`;
  }
  const constant = constantNamed(name);
  return constant === null ? null : `${name} = ${constant}`;
}
