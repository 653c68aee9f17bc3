import type { Refusal } from '../dialect/refusal.ts';
import type { Selection } from '../link/selection.ts';

/** Calls that lead back to their caller, each cycle once. */
export function checkRecursion(selection: Selection): Refusal[] {
  const refusals: Refusal[] = [];
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): void => {
    const callable = selection.callables.get(name);
    if (callable === undefined || finished.has(name)) return;
    path.push(name);
    for (const call of callable.declaration.calls) {
      const callee = selection.resolve(callable, call.name);
      const start = path.indexOf(callee);
      if (start === -1) visit(callee);
      else {
        const cycle = [...path.slice(start), callee].join(' > ');
        refusals.push({
          file: callable.file,
          line: call.line,
          message: `recursive call of ${callee} (${cycle}): recursion is not in the dialect`,
        });
      }
    }
    path.pop();
    finished.add(name);
  };
  for (const name of selection.callables.keys()) visit(name);
  return refusals;
}
