import { runCommandLine } from '../../../src/cli/commandLine.ts';
import type { ExitStatus } from '../../../src/cli/exitStatus.ts';
import type { Host } from '../../../src/cli/host.ts';

export interface Outcome {
  readonly status: ExitStatus;
  readonly out: string;
  readonly err: string;
}

export interface World {
  readonly input?: string;
  readonly isTerminal?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Looks up to this many times whether it is interrupted, then is. */
  readonly interruptedAfter?: number;
  /** Is interrupted once this is on standard output. */
  readonly interruptedBy?: string;
}

/** Executes a command line in this process. */
export async function daxlab(args: readonly string[], world: World = {}): Promise<Outcome> {
  let out = '';
  let err = '';
  let looks = 0;
  const host: Host = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    readInput: async () => world.input ?? '',
    isTerminal: world.isTerminal ?? false,
    environment: world.environment ?? {},
    get isInterrupted() {
      const isPrinted = world.interruptedBy !== undefined && out.includes(world.interruptedBy);
      return looks++ >= (world.interruptedAfter ?? Number.POSITIVE_INFINITY) || isPrinted;
    },
    breathe: async () => {},
  };
  const status = await runCommandLine(args, host);
  return { status, out, err };
}
