import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Scheme } from '../../litmus/index.ts';
import { type Goal, keyOf } from './goals.ts';

/** What no test can enter, for one reason. */
export interface Exception {
  readonly reason: string;
  /** Where it is so; under both schemes unless given. */
  readonly scheme?: Scheme | undefined;
  /** `FILE FUNCTION: WHAT IS DECIDED ON: OUTCOME`, or `FILE FUNCTION` for all of a function. */
  readonly never: readonly string[];
}

export type Exceptions = readonly Exception[];

const exceptionsSchema: v.GenericSchema<unknown, Exception[]> = v.array(
  v.strictObject({
    reason: v.pipe(v.string(), v.nonEmpty()),
    scheme: v.optional(v.picklist(['devmap', 'refcount'])),
    never: v.array(v.string()),
  }),
);

/** @throws {Error} if the file does not hold exceptions */
export function readExceptions(file: string): Exceptions {
  return v.parse(exceptionsSchema, JSON.parse(readFileSync(file, 'utf8')));
}

/** Whether a goal is excepted under a scheme, itself or with all of its function. */
export function isExcepted(exceptions: Exceptions, scheme: Scheme, goal: Goal): boolean {
  const { file, function: name } = goal.point;
  return exceptions.some(
    (exception) =>
      (exception.scheme ?? scheme) === scheme &&
      (exception.never.includes(keyOf(goal)) || exception.never.includes(`${file} ${name}`)),
  );
}

/**
 * Exceptions that are none, under a scheme: what they name is entered, or does not exist. Of all of a function the function
 * itself must not be entered: else nobody would have given a reason for the rest of it.
 */
export function staleExceptions(
  exceptions: Exceptions,
  scheme: Scheme,
  missing: readonly Goal[],
): readonly string[] {
  const names = new Set(missing.map(keyOf));
  return exceptions
    .filter((exception) => (exception.scheme ?? scheme) === scheme)
    .flatMap(({ never }) => never.filter((name) => !names.has(name)));
}
