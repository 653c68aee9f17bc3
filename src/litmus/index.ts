/**
 * The litmus language: from the text of a test to a program that an interpreter can execute, and the services
 * that editors and the formatter need. Pure functions; errors are values.
 */
export type {
  Operation,
  OperationNeed,
  Parameter,
  ParameterType,
  RegisterKind,
  ResultKind,
} from './operations/operation.ts';
export { isOperationName, OPERATIONS, type OperationName, operationNamed } from './operations/table.ts';
export * from './program/arguments.ts';
export type * from './program/expression.ts';
export type * from './program/program.ts';
export type * from './program/statement.ts';
export { type Diagnostic, formatDiagnostic } from './source/diagnostic.ts';
export { LIMITS } from './source/limits.ts';
export type { Span } from './source/span.ts';
export type * from './syntax/ast.ts';
export { isPropertyName, PROPERTIES, type PropertyName } from './vocabulary/properties.ts';
export type * from './vocabulary/terms.ts';
