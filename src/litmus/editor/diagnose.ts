import { loadTest } from '../loadTest.ts';
import type { ResolveOptions } from '../resolve/resolve.ts';
import type { Diagnostic } from '../source/diagnostic.ts';

/** Everything that is wrong with a test, for an editor to underline. Empty when it can run. */
export function diagnose(
  source: string,
  fileName: string,
  options: ResolveOptions = {},
): readonly Diagnostic[] {
  const result = loadTest(source, fileName, options);
  return 'errors' in result ? result.errors : [];
}
