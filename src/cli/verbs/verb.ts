import type { Command } from 'commander';
import type { ExitStatus } from '../exitStatus.ts';
import type { Host } from '../host.ts';

/** What a verb's action leaves behind. */
export interface VerbContext {
  readonly host: Host;
  /** Takes the exit status of the command. */
  readonly finish: (status: ExitStatus) => void;
}

/**
 * One verb of the command line. To add one: a file that exports it, and a line in `index.ts`. Whatever takes time to
 * load is imported inside of its action.
 */
export interface Verb {
  declare(program: Command, context: VerbContext): void;
}
