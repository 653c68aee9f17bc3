import type { Refusal } from '../dialect/refusal.ts';
import { isPrimitive } from '../dialect/scope.ts';
import type { Selection } from '../link/selection.ts';

/** Locals and parameters that hide what the linker binds by name. A struct may be hidden: its fields tell it apart. */
export function checkShadowing(selection: Selection): Refusal[] {
  const refusals: Refusal[] = [];
  for (const { declaration, file } of selection.callables.values()) {
    const names =
      declaration.kind === 'function'
        ? declaration.locals
        : declaration.parameters.map(({ name }) => ({ name, line: declaration.line }));
    for (const { name, line } of names) {
      const shadowed = meaningOf(selection, name);
      if (shadowed !== undefined) refusals.push({ file, line, message: `'${name}' shadows a ${shadowed}` });
    }
  }
  return refusals;
}

function meaningOf({ scope, constants, callables }: Selection, name: string): string | undefined {
  const step = scope.steps.get(name);
  if (step !== undefined) return isPrimitive(step) ? 'primitive' : 'local function';
  if (constants.has(name)) return 'constant';
  const callable = callables.get(name);
  if (callable === undefined) return undefined;
  return callable.declaration.kind === 'helper' ? 'pure helper' : 'kernel function';
}
