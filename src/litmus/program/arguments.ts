import type { RegisterReference, ResolvedExpression } from './expression.ts';
import type { ResolvedArgument, ResolvedOperation } from './statement.ts';

/**
 * Typed looks into the arguments of an operation, for interpreters. All answer null (or false) when the
 * argument was left out and the table has no value for it.
 */

function argumentOf<Kind extends ResolvedArgument['kind']>(
  operation: ResolvedOperation,
  name: string,
  kind: Kind,
): Extract<ResolvedArgument, { kind: Kind }> | null {
  const argument = operation.arguments[name];
  return isOfKind(argument, kind) ? argument : null;
}

function isOfKind<Kind extends ResolvedArgument['kind']>(
  argument: ResolvedArgument | undefined,
  kind: Kind,
): argument is Extract<ResolvedArgument, { kind: Kind }> {
  return argument?.kind === kind;
}

/** Whether the flag was given. */
export function hasFlag(operation: ResolvedOperation, name: string): boolean {
  return argumentOf(operation, name, 'flag') !== null;
}

/** The word chosen, with the table's own where the test leaves it out. */
export function wordOf(operation: ResolvedOperation, name: string): string | null {
  return argumentOf(operation, name, 'word')?.word ?? null;
}

/** The expression of a number, with the table's own where the test leaves it out. */
export function numberOf(operation: ResolvedOperation, name: string): ResolvedExpression | null {
  return argumentOf(operation, name, 'number')?.expression ?? null;
}

/** The register given as a handle. */
export function registerOf(operation: ResolvedOperation, name: string): RegisterReference | null {
  return argumentOf(operation, name, 'register')?.register ?? null;
}

/** The device given, by its index. */
export function deviceOf(operation: ResolvedOperation, name: string): number | null {
  return argumentOf(operation, name, 'device')?.device ?? null;
}

/** The process given, by its index. */
export function processOf(operation: ResolvedOperation, name: string): number | null {
  return argumentOf(operation, name, 'process')?.process ?? null;
}

/** The string given. */
export function textOf(operation: ResolvedOperation, name: string): string | null {
  return argumentOf(operation, name, 'text')?.text ?? null;
}

/** The barrier given, by its index. */
export function barrierOf(operation: ResolvedOperation, name: string): number | null {
  return argumentOf(operation, name, 'barrier')?.barrier ?? null;
}
