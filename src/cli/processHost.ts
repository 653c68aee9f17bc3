import { writeSync } from 'node:fs';
import { BAD_USAGE } from './exitStatus.ts';
import type { Host } from './host.ts';
import { inputStream, readAll } from './input/stream.ts';
import { Interruption } from './interruption.ts';

/** This process as the command line's host. The first SIGINT or SIGTERM asks to stop, the second one stops. */
export function processHost(): Host {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  process.stdout.on('error', (error) => leave('standard output', error));
  // Nobody reads what goes wrong: the exit status still tells.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') leave('standard error', error);
  });
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    readInput: (path) => readInput(path, interrupt.signal),
    isTerminal: process.stdout.isTTY === true,
    environment: process.env,
    get isInterrupted() {
      return interrupt.signal.aborted;
    },
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

/** Where nothing can be written any more nothing is left to do; `daxlab … | head`: the reader has seen enough. */
function leave(what: string, error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  try {
    writeSync(process.stderr.fd, `error: ${what} cannot be written: ${error.message}\n`);
  } catch {
    // Standard error cannot be written either: the exit status alone tells.
  }
  process.exit(BAD_USAGE);
}

async function readInput(path: string, interrupt: AbortSignal): Promise<string> {
  const stream = path === '-' ? process.stdin : inputStream(path);
  try {
    return await readAll(stream, interrupt);
  } catch (error) {
    if (!interrupt.aborted) throw error;
    throw new Interruption(`interrupted while reading ${path === '-' ? 'standard input' : path}`);
  }
}
