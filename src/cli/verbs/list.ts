import type { Verb } from './verb.ts';

export const listVerb: Verb = {
  declare(program, { host, finish }) {
    program
      .command('list')
      .description('list the tests of a folder: name, sentence, devices')
      .argument('<tests...>', 'folders or files')
      .option('--json', 'print one JSON document')
      .action(async (tests: string[], options: { readonly json?: true }) => {
        const { executeList } = await import('../list/executeList.ts');
        finish(await executeList(tests, options.json === true, host));
      });
  },
};
