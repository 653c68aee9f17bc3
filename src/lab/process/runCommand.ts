import { spawn } from 'node:child_process';
import { DOCTOR, LabError } from '../labError.ts';
import { NO_SUCH_COMMAND, underKeeper } from './keeper.ts';
import { linesOf } from './lines.ts';

/** A command of the system, without a shell. */
export interface SystemCommand {
  /** The program's name, and its arguments. */
  readonly words: readonly [string, ...string[]];
  /** The working folder; ours unless given. */
  readonly folder?: string;
  /** Ends the command when aborted; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds without any output after which the command counts as stuck, and is killed; none unless given. */
  readonly silenceLimit?: number;
  /** Takes every line of the standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** What a command left behind. */
export interface CommandEnd {
  readonly status: number;
  readonly output: Buffer;
  readonly errors: string;
}

/** Runs a command to its end. Rejects when it was aborted or the program does not exist, not when it fails. */
export type CommandRunner = (command: SystemCommand) => Promise<CommandEnd>;

/** Runs a command of this machine, with messages in English; it ends when we end, however that may be. */
export const runCommand: CommandRunner = async ({ words, folder, signal, silenceLimit, onLine }) => {
  signal?.throwIfAborted();
  const [keeper, ...args] = underKeeper(words);
  const child = spawn(keeper, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  const cut = (): void => {
    child.stdin.destroy();
  };
  child.stdin.on('error', cut);
  signal?.addEventListener('abort', cut);
  let isStuck = false;
  const silence = setTimeout(
    () => {
      isStuck = true;
      cut();
    },
    silenceLimit ?? 2 ** 31 - 1,
  );
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => {
    silence.refresh();
    output.push(piece);
  });
  child.stderr.on('data', (piece: Buffer) => errors.push(piece));
  if (onLine !== undefined) linesOf(child.stdout, onLine);
  try {
    const status = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    signal?.throwIfAborted();
    if (isStuck)
      throw new LabError(`${words[0]} is stuck: it said nothing for ${(silenceLimit ?? 0) / 1000} seconds`);
    if (status === NO_SUCH_COMMAND) throw new LabError(`there is no command ${words[0]}: ${DOCTOR}`);
    return { status, output: Buffer.concat(output), errors: Buffer.concat(errors).toString('utf8') };
  } finally {
    clearTimeout(silence);
    signal?.removeEventListener('abort', cut);
    cut();
  }
};
