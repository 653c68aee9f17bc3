import type { Program } from './program/program.ts';
import { resolve } from './resolve/resolve.ts';
import { type Diagnostic, errorAt } from './source/diagnostic.ts';
import { LIMITS } from './source/limits.ts';
import { parse } from './syntax/parse.ts';

/** A test's program, or its name ('' where none was read) and what is wrong with it. */
export type Loaded =
  | { readonly program: Program }
  | { readonly name: string; readonly errors: readonly Diagnostic[] };

/**
 * Reads a test: its program, or everything that is wrong with it in the order of the source, at most
 * `LIMITS.reportedErrors` lines. Meanings are only looked at once the grammar is kept, because half a tree would
 * make errors out of nothing.
 */
export function loadTest(source: string, fileName: string): Loaded {
  const { file, errors } = parse(source);
  const resolution = errors.length > 0 ? { errors } : resolve(file, fileName);
  return 'program' in resolution ? resolution : { name: file.name.name, errors: shorten(resolution.errors) };
}

function shorten(errors: readonly Diagnostic[]): readonly Diagnostic[] {
  const shown = errors.slice(0, LIMITS.reportedErrors);
  const last = shown.at(-1);
  if (last === undefined || errors.length === shown.length) {
    return shown;
  }
  const message = `${errors.length - shown.length} more errors`;
  return [...shown, errorAt(last.span, message, 'correct the first ones and look again')];
}
