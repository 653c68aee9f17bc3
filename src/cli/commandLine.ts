import { Command, CommanderError } from 'commander';
import { BAD_USAGE, type ExitStatus, INCOMPLETE, OK } from './exitStatus.ts';
import type { Host } from './host.ts';
import { Interruption } from './interruption.ts';
import { UsageError } from './usageError.ts';
import { verbs } from './verbs/index.ts';
import { packageVersion } from './version.ts';

/** Executes a command line, without the program's own name; returns its exit status. */
export async function runCommandLine(args: readonly string[], host: Host): Promise<ExitStatus> {
  let status: ExitStatus = OK;
  const program = new Command('daxlab')
    .description('Device-DAX pages under the devmap and the refcount scheme: one litmus test, two kernels')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .exitOverride()
    .configureOutput({ writeOut: (text) => host.out(text), writeErr: (text) => host.err(text) })
    .showSuggestionAfterError();
  const context = {
    host,
    finish: (finished: ExitStatus) => {
      status = finished;
    },
  };
  for (const verb of verbs) verb.declare(program, context);
  try {
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return BAD_USAGE;
    }
    await program.parseAsync(withoutHelpOnNothing(program, args), { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? OK : BAD_USAGE;
    if (!(error instanceof UsageError || error instanceof Interruption)) throw error;
    host.err(`error: ${error.message}\n`);
    return error instanceof Interruption ? INCOMPLETE : BAD_USAGE;
  }
}

/** Asked for help on a command that there is not, commander would give the program's: of such a line only the command is left. */
function withoutHelpOnNothing(program: Command, args: readonly string[]): string[] {
  const path: string[] = [];
  let command = program;
  for (const arg of args) {
    if (command.commands.length === 0) break;
    if (arg.startsWith('-') || arg === 'help') continue;
    path.push(arg);
    const next = command.commands.find((candidate) => candidate.name() === arg);
    if (next === undefined) return path;
    command = next;
  }
  return [...args];
}
