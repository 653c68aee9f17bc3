import type { Operation } from '../operations/operation.ts';
import type { ResolvedArgument } from '../program/statement.ts';
import { resolveArguments } from './arguments.ts';
import type { BoundArguments } from './binding.ts';
import type { Report } from './report.ts';

/** Resolves arguments in which nothing of a running test may be named: those of a device. */
export function constantArguments(
  bound: BoundArguments,
  operation: Operation,
  report: Report,
): Readonly<Record<string, ResolvedArgument>> {
  const outline = { processes: [], threads: [], barriers: new Map(), threadOf: new Map() };
  return resolveArguments(bound, operation, { devices: [], outline, process: null, report });
}
