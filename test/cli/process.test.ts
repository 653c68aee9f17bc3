import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../lab/support/temporaryFolder.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const TEST = join(import.meta.dirname, 'tests', 'pin-outlives-munmap.litmus');
const PROGRAM = ['--import', 'tsx', MAIN];

function fifo(): string {
  const path = join(temporaryFolder(), 'tests.litmus');
  spawnSync('mkfifo', [path]);
  return path;
}

/** Waits until a process waits for something to come from standard input, or from a file. */
async function untilItReads({ pid }: ChildProcess, path: string): Promise<void> {
  for (let look = 0; look < 100; look++) {
    if (
      waitedFor(pid).some((fd) =>
        path === '-' ? fd === '0' : unlessClosed(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) === path,
      )
    )
      return;
    await sleep(50);
  }
}

/** What the event polls of a process wait for. */
function waitedFor(pid: number | undefined): string[] {
  const folder = `/proc/${pid}/fdinfo`;
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.flatMap((file) =>
    [...unlessClosed(() => readFileSync(join(folder, file), 'utf8')).matchAll(/^tfd:\s+(\d+)/gm)].map(
      ([, fd = '']) => fd,
    ),
  );
}

/** Nothing if the descriptor was closed meanwhile. */
function unlessClosed(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

describe('the program, while it waits for a test', () => {
  it.each([
    { what: 'run from standard input', verb: 'run', path: '-', signal: 'SIGINT' },
    { what: 'check from standard input', verb: 'check', path: '-', signal: 'SIGTERM' },
    { what: 'fmt from standard input', verb: 'fmt', path: '-', signal: 'SIGINT' },
    { what: 'run from a pipe with a name that nobody writes to', verb: 'run', path: null, signal: 'SIGINT' },
    {
      what: 'list from a pipe with a name that nobody writes to',
      verb: 'list',
      path: null,
      signal: 'SIGTERM',
    },
  ] as const)('ends at the first signal: $what', async ({ verb, path, signal }) => {
    const file = path ?? fifo();
    const child = spawn(process.execPath, [...PROGRAM, verb, file]);
    let err = '';
    child.stderr.on('data', (piece: Buffer) => {
      err += piece.toString();
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await untilItReads(child, file);
    child.kill(signal);
    const status = await Promise.race([ended, sleep(5000, 'it goes on')]);
    child.kill('SIGKILL');
    expect(status).toBe(3);
    expect(err).toMatch(/^error: interrupted while reading (standard input|\S+\.litmus)\n$/);
  });

  it('reads all that comes through a pipe with a name, also from one that opens it late', async () => {
    const path = fifo();
    const child = spawn(process.execPath, [...PROGRAM, 'run', '--summary', path]);
    let out = '';
    child.stdout.on('data', (piece: Buffer) => {
      out += piece.toString();
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await untilItReads(child, path);
    const text = readFileSync(TEST, 'utf8');
    const big = `${text}\n${'# nothing\n'.repeat(20_000)}`;
    const writer = spawn('sh', ['-c', `cat >'${path}'`]);
    writer.stdin.end(big);
    expect(await ended).toBe(0);
    expect(out).toContain('1 test, 2 results: 2 ok');
  });
});

describe('the program, where its output cannot be written', () => {
  const isThere = existsSync('/dev/full');
  it.skipIf(!isThere).each(['run', 'list'])('says so in one line and ends with 2: %s', (verb) => {
    const command = `'${process.execPath}' --import tsx '${MAIN}' ${verb} '${TEST}' >/dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(stderr).toMatch(/^error: standard output cannot be written: ENOSPC[^\n]*\n$/);
    expect(status).toBe(2);
  });

  it('ends with 2 where there is no place for errors, either', () => {
    const command = `'${process.execPath}' --import tsx '${MAIN}' run '${TEST}' >/dev/full 2>/dev/full`;
    expect(spawnSync('sh', ['-c', command]).status).toBe(2);
  });

  it('keeps its exit status where nobody reads its errors', async () => {
    const child = spawn(process.execPath, [...PROGRAM, 'run', 'there-is-none.litmus']);
    child.stderr.destroy();
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2);
  });
});
