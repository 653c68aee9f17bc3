import type { Operation, Parameter, RegisterKind } from '../operations/operation.ts';
import { counterpartFor } from '../operations/otherNames.ts';
import type { ResolvedExpression } from '../program/expression.ts';
import type { ResolvedArgument } from '../program/statement.ts';
import type { Argument } from '../syntax/ast.ts';
import type { BoundArguments } from './binding.ts';
import { deviceNamed } from './devices.ts';
import { resolveExpression } from './expressions.ts';
import { expectedKinds, KIND_TEXTS } from './kinds.ts';
import type { ProcessDraft } from './outline.ts';
import { processNamed, registerIn, type Scope } from './scope.ts';
import { bareWord, expectedOneOf, noWordMessage, suggestWord, wordsOf } from './words.ts';

/** NAME_MAX of ext4 and xfs, for names of ASCII. */
const LONGEST_FILE_NAME = 255;

/**
 * Resolves every argument to what its parameter asks for, and adds those that the table has a value for. An
 * argument with an error is reported and left out.
 */
export function resolveArguments(
  bound: BoundArguments,
  operation: Operation,
  scope: Scope,
): Readonly<Record<string, ResolvedArgument>> {
  const resolved: Record<string, ResolvedArgument> = {};
  let process = scope.process;
  for (const parameter of operation.parameters) {
    const argument = bound.get(parameter.name);
    const value =
      argument === undefined
        ? fallbackOf(parameter)
        : resolveArgument(argument, parameter, operation, scope, process);
    if (value?.kind === 'process') {
      process = scope.outline.processes[value.process] ?? null;
    } else if (parameter.type.kind === 'process') {
      process = null;
    }
    if (value !== null) {
      resolved[parameter.name] = value;
    }
  }
  return resolved;
}

function fallbackOf({ fallback }: Parameter): ResolvedArgument | null {
  if (typeof fallback === 'string') {
    return { kind: 'word', word: fallback };
  }
  const span = { line: 0, column: 0, offset: 0, length: 0 };
  return fallback === null
    ? null
    : { kind: 'number', expression: { kind: 'number', value: fallback, span }, constant: fallback };
}

/** `other` is the process that the arguments before named, else the one whose text this is. */
function resolveArgument(
  argument: Argument,
  parameter: Parameter,
  operation: Operation,
  scope: Scope,
  other: ProcessDraft | null,
): ResolvedArgument | null {
  const { type } = parameter;
  switch (type.kind) {
    case 'flag':
      return { kind: 'flag' };
    case 'choice':
      return resolveWord(argument, parameter, scope);
    case 'text':
      return resolveText(argument, parameter, scope);
    case 'number':
      return resolveNumber(argument, parameter, scope);
    case 'register': {
      const process = type.ofProcess === true ? other : scope.process;
      return resolveHandle(argument, type.accepts, operation, scope, process);
    }
    case 'device':
      return resolveDevice(argument, scope, type.only ?? null);
    case 'mappable':
      return resolveMappable(argument, type.accepts, operation, scope);
    case 'process':
      return resolveProcess(argument, scope);
    case 'barrier':
      return resolveBarrier(argument, scope);
  }
}

function resolveWord(argument: Argument, parameter: Parameter, scope: Scope): ResolvedArgument | null {
  const word = bareWord(argument);
  if (parameter.type.kind !== 'choice') {
    return null;
  }
  if (word !== null && parameter.type.words.includes(word)) {
    return { kind: 'word', word };
  }
  const { span } = argument.value;
  const expected = expectedOneOf(wordsOf(parameter));
  if (word === null) {
    return scope.report.error(span, noWordMessage(argument, parameter), expected);
  }
  const hint = suggestWord(word, wordsOf(parameter), expected, scope.report);
  return scope.report.error(span, `unknown word '${word}' for '${parameter.name}'`, hint);
}

function resolveText(argument: Argument, parameter: Parameter, scope: Scope): ResolvedArgument | null {
  if (argument.value.kind !== 'string') {
    return scope.report.error(
      argument.value.span,
      `'${parameter.name}' is a string`,
      'put it in double quotes',
    );
  }
  const { value, span } = argument.value;
  if (value === '') {
    return scope.report.error(span, `'${parameter.name}' is empty`, 'expected a name');
  }
  if (value.includes('/') || value === '.' || value === '..') {
    const message = `a file cannot be called "${value}"`;
    return scope.report.error(
      span,
      message,
      'all files lie in the root of their file system: expected a name',
    );
  }
  if (value.length > LONGEST_FILE_NAME) {
    const hint = `a file system takes at most ${LONGEST_FILE_NAME} characters`;
    return scope.report.error(span, `a file name of ${value.length} characters`, hint);
  }
  return { kind: 'text', text: value };
}

function resolveNumber(argument: Argument, parameter: Parameter, scope: Scope): ResolvedArgument | null {
  const expression = expressionOf(argument, scope);
  if (expression === null) {
    return null;
  }
  const constant = expression.kind === 'number' ? expression.value : null;
  if (constant !== null && parameter.type.kind === 'number') {
    const { minimum = -Infinity, maximum = Infinity } = parameter.type;
    if (constant < minimum || constant > maximum) {
      const message = `'${parameter.name}' is ${constant}`;
      return scope.report.error(argument.value.span, message, `expected ${minimum} to ${maximum}`);
    }
  }
  return { kind: 'number', expression, constant };
}

function expressionOf(argument: Argument, scope: Scope): ResolvedExpression | null {
  if (argument.value.kind === 'string') {
    return scope.report.error(argument.value.span, 'a string in the place of a number', 'expected a number');
  }
  return resolveExpression(argument.value, scope);
}

function resolveHandle(
  argument: Argument,
  accepts: readonly RegisterKind[],
  operation: Operation,
  scope: Scope,
  process: ProcessDraft | null,
): ResolvedArgument | null {
  const { report } = scope;
  const name = bareWord(argument);
  const { span } = argument.value;
  const expected = `expected ${expectedKinds(accepts)}`;
  if (name === null) {
    return report.error(span, 'a register must stand here', expected);
  }
  if (process === null) {
    return null;
  }
  const found = registerIn(process, name);
  if (found === null) {
    const isDevice = deviceNamed(scope.devices, name) !== null;
    const message = isDevice ? `'${name}' is a device` : `process ${process.name} has no register '${name}'`;
    return report.error(span, message, report.suggest(name, process.registers.keys(), expected));
  }
  const { kind, span: set } = found.draft;
  if (kind !== null && !accepts.includes(kind)) {
    const { noun } = KIND_TEXTS[kind];
    const counterpart = counterpartFor(operation.name, kind);
    const hint = counterpart === null ? expected : `${expected}; for ${noun} there is ${counterpart}`;
    return report.error(span, `'${name}' is ${noun}, set at ${set.line}:${set.column}`, hint);
  }
  return kind && { kind: 'register', register: found.reference, holds: kind };
}

function resolveDevice(
  argument: Argument,
  scope: Scope,
  only: 'devdax' | 'fsdax' | null,
): ResolvedArgument | null {
  const name = bareWord(argument);
  const device = name === null ? null : deviceNamed(scope.devices, name);
  const names = scope.devices.map((candidate) => candidate.name);
  const expected =
    names.length === 0 ? 'declare one: device d = devdax(size=4M)' : `expected ${names.join(' or ')}`;
  if (device === null) {
    const message = name === null ? 'a device must stand here' : `no device is called '${name}'`;
    const hint = name === null ? expected : scope.report.suggest(name, names, expected);
    return scope.report.error(argument.value.span, message, hint);
  }
  if (only !== null && device.kind !== only) {
    const hint = only === 'fsdax' ? 'only a device with a file system has files' : 'expected a devdax device';
    return scope.report.error(argument.value.span, `device '${device.name}' is ${device.kind}`, hint);
  }
  return { kind: 'device', device: device.index };
}

function resolveMappable(
  argument: Argument,
  accepts: readonly RegisterKind[],
  operation: Operation,
  scope: Scope,
): ResolvedArgument | null {
  const name = bareWord(argument);
  const device = name === null ? null : deviceNamed(scope.devices, name);
  if (name === null || device !== null) {
    const resolved = resolveDevice(argument, scope, null);
    if (device?.kind === 'fsdax') {
      const hint = `open a file first: f = open(${device.name}, "name", create, size=4K)`;
      return scope.report.error(argument.value.span, `device '${device.name}' itself cannot be mapped`, hint);
    }
    return resolved;
  }
  if (scope.process !== null && registerIn(scope.process, name) !== null) {
    return resolveHandle(argument, accepts, operation, scope, scope.process);
  }
  const names = scope.devices.map((candidate) => candidate.name);
  const expected = `expected a device, or ${expectedKinds(accepts)}`;
  const hint = scope.report.suggest(name, [...names, ...(scope.process?.registers.keys() ?? [])], expected);
  return scope.report.error(argument.value.span, `neither a device nor a register is called '${name}'`, hint);
}

function resolveProcess(argument: Argument, scope: Scope): ResolvedArgument | null {
  const name = bareWord(argument);
  const process = name === null ? null : processNamed(scope.outline, name);
  if (process === null) {
    const names = scope.outline.processes.map((candidate) => candidate.name);
    const expected = `expected ${names.join(' or ')}`;
    const message = name === null ? 'a process must stand here' : `no process is called '${name}'`;
    const hint = name === null ? expected : scope.report.suggest(name, names, expected);
    return scope.report.error(argument.value.span, message, hint);
  }
  return { kind: 'process', process: process.index };
}

function resolveBarrier(argument: Argument, scope: Scope): ResolvedArgument | null {
  const name = bareWord(argument);
  const barrier = name === null ? undefined : scope.outline.barriers.get(name);
  if (barrier === undefined) {
    return scope.report.error(
      argument.value.span,
      "a barrier's name must stand here",
      'expected a plain name',
    );
  }
  return { kind: 'barrier', barrier: barrier.index };
}
