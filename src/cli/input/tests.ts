import type { Program } from '../../litmus/index.ts';
import { loadTest } from '../../litmus/loadTest.ts';
import { formatDiagnostic } from '../../litmus/source/diagnostic.ts';
import type { Host } from '../host.ts';
import { readSources, type Source } from './sources.ts';

/** A test that can be executed, or all that is wrong with it, one line each. */
export type LoadedTest =
  | { readonly file: string; readonly text: string; readonly program: Program }
  | { readonly file: string; readonly name: string; readonly errors: readonly string[] };

/** The tests behind the arguments of a command. */
export async function loadTests(paths: readonly string[], host: Host): Promise<LoadedTest[]> {
  const sources = await readSources(paths, host);
  return sources.map((source) => loadSource(source));
}

function loadSource(source: Source): LoadedTest {
  const { file } = source;
  if ('problem' in source) return { file, name: '', errors: [`${file}: ${source.problem}`] };
  const loaded = loadTest(source.text, file);
  if ('program' in loaded) return { file, text: source.text, program: loaded.program };
  const { name, errors } = loaded;
  return { file, name, errors: errors.map((diagnostic) => formatDiagnostic(file, diagnostic)) };
}
