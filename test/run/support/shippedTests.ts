import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTest, type Program } from '../../../src/litmus/index.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'litmus');

/** The tests that ship with the tool, in the order of their names. */
export function shippedTests(): {
  readonly name: string;
  readonly position: number;
  readonly program: Program;
}[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.litmus'))
    .sort()
    .flatMap((name, position) => {
      const loaded = loadTest(readFileSync(join(folder, name), 'utf8'), name);
      return 'program' in loaded ? [{ name, position, program: loaded.program }] : [];
    });
}
