import { closeSync, openSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { TestResult } from '../../litmus/output/index.ts';
import { UsageError } from '../usageError.ts';

/**
 * Makes sure, before anything runs, that the file that --junit names can be written; leaves it as it is.
 * @throws {UsageError} if its folder is missing, or nothing may be written there
 */
export function ensureWritable(file: string): void {
  writing(file, () => {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isFile() && !stats.isDirectory()) return;
    closeSync(openSync(file, 'a'));
    if (stats === undefined) rmSync(realpathSync(file));
  });
}

/** Writes the file that --junit names. */
export async function writeJunit(file: string, results: readonly TestResult[]): Promise<void> {
  const { junitText } = await import('../show/junit.ts');
  writing(file, () => writeFileSync(file, junitText(results)));
}

/** @throws {UsageError} if the file that --junit names cannot be written */
function writing(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new UsageError(
      `--junit: cannot write '${file}' (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}
