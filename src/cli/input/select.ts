import { UsageError } from '../usageError.ts';
import type { LoadedTest } from './tests.ts';

/**
 * Tests whose file or name contains a text; those that do not load are always among them.
 * @throws {UsageError} if there is none
 */
export function select(tests: readonly LoadedTest[], filter: string | undefined): readonly LoadedTest[] {
  if (filter === undefined) return tests;
  const selected = tests.filter(
    (test) => 'errors' in test || test.file.includes(filter) || test.program.name.includes(filter),
  );
  if (selected.length === 0) throw new UsageError(`no test at all: none contains '${filter}'`);
  return selected;
}
