import { InvalidArgumentError, Option } from 'commander';
import type { CheckCommandOptions } from '../check/options.ts';
import type { Verb } from './verb.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

export const checkVerb: Verb = {
  declare(program, { host, finish }) {
    program
      .command('check')
      .description('search all executions of tests: every interleaving of their threads')
      .argument('<tests...>', 'files, folders (every *.litmus below them) or - for standard input')
      .addOption(new Option('--scheme <scheme>', 'which kernel').choices(['devmap', 'refcount', 'both']))
      .option('--workers <number>', 'searches that run at a time', parseCount)
      .option('--max-states <number>', 'most states that one search keeps', parseCount)
      .option('--max-memory <bytes>', 'most memory that one search takes (K, M, G)', parseBytes)
      .option('--all-outcomes', 'list every distinct end, with a schedule that leads to it')
      .option('--diff', 'list the ends that only one scheme has')
      .option('--first', 'stop at the first violation')
      .option('--minimise', 'also cut each violated test down to the smallest that still breaks the same')
      .option(
        '--no-minimise',
        'show the first execution found, instead of one with the fewest changes of thread',
      )
      .option('--no-reduction', 'take every step of every thread in every order')
      .option('--filter <text>', 'only tests whose file or name contains the text')
      .option('--json', 'print one JSON document')
      .action(async (tests: string[], options: CheckCommandOptions) => {
        const { executeCheck } = await import('../check/executeCheck.ts');
        finish(await executeCheck(tests, options, host));
      });
  },
};

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count)) {
    throw new InvalidArgumentError('expected an integer from 1.');
  }
  return count;
}

function parseBytes(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([KMG]?)$/.exec(text) ?? [];
  const bytes = Number(digits) * (UNITS[unit] ?? 1);
  if (digits === '' || bytes < 1 || !Number.isSafeInteger(bytes)) {
    throw new InvalidArgumentError('expected a number of bytes, perhaps with K, M or G.');
  }
  return bytes;
}
