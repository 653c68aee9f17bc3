import { formatDiagnostic, loadTest, type Program, parse } from '../../../src/litmus/index.ts';

/** The errors of the grammar, one line each, the file called `t`. */
export function syntaxErrors(source: string): string[] {
  return parse(source).errors.map((error) => formatDiagnostic('t', error));
}

/** All errors of a test, one line each, the file called `t`. */
export function errorsOf(source: string): string[] {
  const result = loadTest(source, 't');
  return 'errors' in result ? result.errors.map((error) => formatDiagnostic('t', error)) : [];
}

/** The program of a test that must be in order. */
export function programOf(source: string): Program {
  const result = loadTest(source, 't');
  if ('errors' in result) {
    throw new Error(result.errors.map((error) => formatDiagnostic('t', error)).join('\n'));
  }
  return result.program;
}

/** A test with a device `d` of 4 MiB, one process `P` with this body, and these conditions. */
export function testWith(body: string, conditions = ''): string {
  return `DAX t\ndevice d = devdax(size=4M)\nprocess P {\n${body}\n}\n${conditions}`;
}

/** A tree without the places in the source, and without comments. */
export function withoutPlaces(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value) => (key === 'span' || key === 'comments' ? undefined : value)),
  );
}
