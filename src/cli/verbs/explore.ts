import { InvalidArgumentError } from 'commander';
import type { ExploreCommandOptions } from '../explore/options.ts';
import type { Verb } from './verb.ts';

export const exploreVerb: Verb = {
  declare(program, { host, finish }) {
    program
      .command('explore')
      .description('serve the page that shows every page, entry and reference, on this machine only')
      .argument('[test]', 'a test to open there: a file, or - for standard input')
      .option('--port <number>', 'the port; 0 is one that is free', parsePort, 0)
      .action(async (test: string | undefined, options: ExploreCommandOptions) => {
        const { executeExplore } = await import('../explore/executeExplore.ts');
        finish(await executeExplore(test, options, host));
      });
  },
};

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('expected 0 to 65535; 0 is one that is free.');
  }
  return port;
}
