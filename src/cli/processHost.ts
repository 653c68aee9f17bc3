import type { Host } from './host.ts';

/** This process as the command line's host. The first SIGINT or SIGTERM asks to stop, the second one stops. */
export function processHost(): Host {
  let isInterrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      isInterrupted = true;
    });
  }
  process.stdout.on('error', leaveWhenNobodyReads);
  process.stderr.on('error', leaveWhenNobodyReads);
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    readInput: readAll,
    isTerminal: process.stdout.isTTY === true,
    environment: process.env,
    get isInterrupted() {
      return isInterrupted;
    },
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

/** `daxlab … | head`: the reader has seen enough. */
function leaveWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

async function readAll(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}
