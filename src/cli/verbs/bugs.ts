import type { BugsCommandOptions } from '../bugs/executeBugs.ts';
import type { Verb } from './verb.ts';

export const bugsVerb: Verb = {
  declare(program, { host, finish }) {
    program
      .command('bugs')
      .description('bring historical bugs back: each must be found with its change, and nothing without')
      .argument('[names...]', 'bugs; all of them unless given')
      .option('--list', 'say what the bugs are, and look for none')
      .option('--no-reduction', 'take every step of every thread in every order')
      .option('--json', 'print one JSON document')
      .action(async (names: string[], options: BugsCommandOptions) => {
        const { executeBugs } = await import('../bugs/executeBugs.ts');
        finish(await executeBugs(names, options, host));
      });
  },
};
