import { loadTest } from '../loadTest.ts';
import type { Diagnostic } from '../source/diagnostic.ts';

/** Everything that is wrong with a test, for an editor to underline. Empty when it can run. */
export function diagnose(source: string, fileName: string): readonly Diagnostic[] {
  const result = loadTest(source, fileName);
  return 'errors' in result ? result.errors : [];
}
