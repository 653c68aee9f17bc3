import type { Program } from '../../litmus/index.ts';
import { loadTest } from '../../litmus/loadTest.ts';
import { formatDiagnostic } from '../../litmus/source/diagnostic.ts';
import type { Host } from '../host.ts';
import { readSources, type Source } from './sources.ts';

/** A test that can be executed, or all that is wrong with it, one line each. */
export type LoadedTest =
  | { readonly file: string; readonly program: Program }
  | { readonly file: string; readonly errors: readonly string[] };

/** The tests behind the arguments of a command. */
export async function loadTests(paths: readonly string[], host: Host): Promise<LoadedTest[]> {
  const sources = await readSources(paths, host);
  return sources.map(loadSource);
}

function loadSource(source: Source): LoadedTest {
  const { file } = source;
  if ('problem' in source) return { file, errors: [`${file}: ${source.problem}`] };
  const loaded = loadTest(source.text, file);
  return 'program' in loaded
    ? { file, program: loaded.program }
    : { file, errors: loaded.errors.map((diagnostic) => formatDiagnostic(file, diagnostic)) };
}
