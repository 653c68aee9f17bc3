import type { Verb } from './verb.ts';

export const fmtVerb: Verb = {
  declare(program, { host, finish }) {
    program
      .command('fmt')
      .description('bring tests into their canonical form, in place; - goes from standard input to output')
      .argument('<tests...>', 'files or folders')
      .option('--check', 'change nothing; fail if a file is not in its canonical form')
      .action(async (tests: string[], options: { readonly check?: true }) => {
        const { executeFmt } = await import('../fmt/executeFmt.ts');
        finish(await executeFmt(tests, options.check === true, host));
      });
  },
};
