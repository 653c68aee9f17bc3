import type { Declaration } from '../dialect/source.ts';
import type { Selection } from '../link/selection.ts';
import type { FrameProgram } from './program.ts';

const numbers = new WeakMap<Declaration, number>();
let highest = 0;
const shared = new WeakMap<object, Map<string, FrameProgram>>();

/**
 * The frames of a function as another kernel compiled them before, if all that the function comes to is the same in both.
 * Kernels that differ in one function, as those with a bug do, share most of what they consist of.
 */
export function sharedFrames(
  selection: Selection,
  entry: string,
  zeroing: boolean,
  compile: () => FrameProgram,
): FrameProgram {
  if (selection.coverage !== undefined) return compile();
  const programs = shared.get(selection.scope) ?? new Map<string, FrameProgram>();
  shared.set(selection.scope, programs);
  const key = `${entry} ${zeroing} ${contentOf(selection, entry)}`;
  const program = programs.get(key) ?? compile();
  programs.set(key, program);
  return program;
}

/** Which declarations a function reaches, under which names, and the values of their constants. */
function contentOf(selection: Selection, entry: string): string {
  const { callables, constants, resolve } = selection;
  const reached = new Set([entry]);
  const content: string[] = [];
  for (const name of reached) {
    const callable = callables.get(name);
    if (callable === undefined) {
      content.push(`${name}=${constants.get(name) ?? ''}`);
      continue;
    }
    const { declaration } = callable;
    content.push(`${name}:${numberOf(declaration)}`);
    for (const called of declaration.calls) reached.add(resolve(callable, called.name));
    for (const constant of declaration.references) reached.add(resolve(callable, constant.name));
  }
  return content.sort().join(' ');
}

function numberOf(declaration: Declaration): number {
  const known = numbers.get(declaration) ?? ++highest;
  numbers.set(declaration, known);
  return known;
}
