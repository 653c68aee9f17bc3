import { formatDiagnostic, loadTest } from '../litmus/index.ts';
import type { Bug, BugSource } from './bug.ts';
import { bugSources } from './bugs.gen.ts';

/** All bugs, in byte order of their names. */
export const bugs: readonly Bug[] = bugSources.map(loadBug);

/** The bug of a name, if there is one. */
export function bugNamed(name: string): Bug | undefined {
  return bugs.find((bug) => bug.name === name);
}

function loadBug(source: BugSource): Bug {
  const file = `bugs/${source.name}/test.litmus`;
  const loaded = loadTest(source.test, file);
  if ('program' in loaded) return { ...source, program: loaded.program };
  throw new Error(loaded.errors.map((diagnostic) => formatDiagnostic(file, diagnostic)).join('\n'));
}
