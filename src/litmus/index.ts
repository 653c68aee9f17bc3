/**
 * The litmus language: from the text of a test to a program that an interpreter can execute, and the services
 * that editors and the formatter need. Pure functions; errors are values.
 */

export { type Completion, type Completions, complete } from './editor/complete.ts';
export { diagnose } from './editor/diagnose.ts';
export { type Hover, hover } from './editor/hover.ts';
export { type EvaluationFailure, evaluate, type TermLookup } from './expressions/evaluate.ts';
export { foundValues } from './expressions/foundValues.ts';
export { type FormatResult, format } from './format/format.ts';
export { loadTest } from './loadTest.ts';
export type {
  Operation,
  Parameter,
  ParameterType,
  RegisterKind,
  ResultKind,
} from './operations/operation.ts';
export { signatureOf } from './operations/signature.ts';
export { isOperationName, OPERATIONS, type OperationName, operationNamed } from './operations/table.ts';
export * from './program/arguments.ts';
export type * from './program/expression.ts';
export type * from './program/program.ts';
export { holdsUnder, isDeclared } from './program/schemes.ts';
export type * from './program/statement.ts';
export { type Resolution, resolve } from './resolve/resolve.ts';
export { type Diagnostic, formatDiagnostic } from './source/diagnostic.ts';
export { LIMITS } from './source/limits.ts';
export type { Span } from './source/span.ts';
export type * from './syntax/ast.ts';
export { type ParseResult, parse } from './syntax/parse.ts';
export { errnoName, errnoValue } from './vocabulary/errnos.ts';
export { idleRefcount } from './vocabulary/idle.ts';
export { isPropertyName, PROPERTIES, type PropertyName } from './vocabulary/properties.ts';
export { signalName, signalValue } from './vocabulary/signals.ts';
export type * from './vocabulary/terms.ts';
