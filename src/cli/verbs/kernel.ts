import { InvalidArgumentError } from 'commander';
import type { JsonOption } from '../kernel/options.ts';
import type { KernelRunOptions } from '../kernelRun/options.ts';
import type { Verb } from './verb.ts';

export const kernelVerb: Verb = {
  declare(program, { host, finish }) {
    const kernel = program.command('kernel').description('real Linux kernels, in QEMU');
    kernel
      .command('list')
      .description('list the kernels that are here, from old to new')
      .option('--available', 'list those that the archive has, too')
      .option('--json', 'print one JSON document')
      .action(async (options: JsonOption & { readonly available?: true }) => {
        const { executeKernelList } = await import('../kernel/executeKernelList.ts');
        finish(await executeKernelList(options, host));
      });
    kernel
      .command('fetch')
      .description('get a Debian kernel from the archive that this machine’s apt is set up for')
      .argument('<version>', 'such as 6.12, for the newest 6.12, a whole release, or newest')
      .option('--json', 'print one JSON document')
      .action(async (version: string, options: JsonOption) => {
        const { executeKernelFetch } = await import('../kernel/executeKernelFetch.ts');
        finish(await executeKernelFetch(version, options, host));
      });
    kernel
      .command('doctor')
      .description('say what real kernels need on this machine, what is missing, and how to install it')
      .option('--json', 'print one JSON document')
      .action(async (options: JsonOption) => {
        const { executeKernelDoctor } = await import('../kernel/executeKernelDoctor.ts');
        finish(await executeKernelDoctor(options, host));
      });
    kernel
      .command('run')
      .description('execute tests on real kernels, and compare them with the model step by step')
      .argument('<tests...>', 'files, folders (every *.litmus below them) or - for standard input')
      .option('--kernel <versions>', 'kernels that are here, separated by commas, such as 6.12,newest')
      .option('--vmlinuz <file>', 'a kernel of your own, a bzImage')
      .option('--modules <folder>', 'its modules: lib/modules/<release>')
      .option('--iterations <number>', 'let threads run at once, that many times', parseIterations)
      .option('--filter <text>', 'only tests whose file or name contains the text')
      .option('--json', 'print one JSON document')
      .action(async (tests: string[], options: KernelRunOptions) => {
        const { executeKernelRun } = await import('../kernelRun/executeKernelRun.ts');
        finish(await executeKernelRun(tests, options, host));
      });
  },
};

function parseIterations(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 1_000_000) {
    throw new InvalidArgumentError('expected an integer from 1 to 1000000.');
  }
  return count;
}
