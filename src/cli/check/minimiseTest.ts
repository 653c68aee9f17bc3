import { Minimiser } from '../../check/index.ts';
import type { Host } from '../host.ts';
import type { LoadedTest } from '../input/tests.ts';
import { statusLine } from '../show/statusLine.ts';
import type { ShownResult } from './checkReport.ts';
import { type CheckCommandOptions, searchOptions } from './options.ts';

/** States between two looks at whether the user has asked to stop. */
const SLICE = 2000;

/**
 * Cuts a test down to what breaks the same as a result does; says so on standard error where there is nothing to cut. An
 * interrupt leaves the smallest test that was found so far.
 */
export async function minimise(
  test: Extract<LoadedTest, { readonly text: string }>,
  checked: ShownResult,
  options: CheckCommandOptions,
  host: Host,
): Promise<ShownResult> {
  const { text, program } = test;
  const { result } = checked;
  const { scheme } = result;
  const label = `${program.name} ${scheme}`;
  if (result.verdict === 'incomplete') {
    host.err(`--minimise: ${label} is ${result.error ?? 'incomplete'}; nothing broke so far\n`);
    return checked;
  }
  if (result.verdict !== 'violated') {
    host.err(`--minimise: ${label} is ${result.verdict}: there is nothing to cut down\n`);
    return checked;
  }
  const minimiser = new Minimiser({ text, program, scheme, result, options: searchOptions(options) });
  if (minimiser.target === null) {
    host.err(
      `--minimise: ${label} fails because no execution shows what it asks for: there is no counterexample to keep\n`,
    );
    return checked;
  }
  const status = statusLine(host);
  let isSmallest = false;
  while (!isSmallest && !host.isInterrupted) {
    isSmallest = minimiser.advance(SLICE);
    const lines = minimiser.text.split('\n').length - 1;
    if (options.json !== true) status.show(`${label}: ${lines} lines, ${minimiser.tried} tests tried`);
    await host.breathe();
  }
  status.clear();
  if (!isSmallest) host.err(`--minimise: interrupted; of ${label} this is the smallest test so far\n`);
  return { ...checked, minimised: minimiser.text };
}
