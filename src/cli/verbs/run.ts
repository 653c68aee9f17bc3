import { InvalidArgumentError, Option } from 'commander';
import type { RunCommandOptions } from '../run/options.ts';
import type { Verb } from './verb.ts';

export const runVerb: Verb = {
  declare(program, { host, finish }) {
    program
      .command('run')
      .description('execute tests once each: threads take turns, operation by operation')
      .argument('<tests...>', 'files, folders (every *.litmus below them) or - for standard input')
      .addOption(new Option('--scheme <scheme>', 'which kernel').choices(['devmap', 'refcount', 'both']))
      .addOption(
        new Option('--seed <number>', 'choose the next thread at every step, the same way for the same seed')
          .argParser(parseSeed)
          .conflicts('replay'),
      )
      .option('--replay <string>', 'repeat the execution that a result’s replay string stands for')
      .option('--trace', 'show every step inside the kernel')
      .option('--filter <text>', 'only tests whose file or name contains the text')
      .option('--json', 'print one JSON document')
      .option('--junit <file>', 'also write the results as JUnit XML')
      .option('--summary', 'print one line a test')
      .action(async (tests: string[], options: RunCommandOptions) => {
        const { executeRun } = await import('../run/executeRun.ts');
        finish(await executeRun(tests, options, host));
      });
  },
};

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError('expected an integer from 0 to 2^53 - 1.');
  }
  return seed;
}
