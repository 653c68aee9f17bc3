import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { underKeeper } from '../../../src/lab/process/keeper.ts';
import { runCommand } from '../../../src/lab/process/runCommand.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** Waits until something holds, and fails the test when it does not within some seconds. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await sleep(50);
  expect(condition()).toBe(true);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie is no process that runs.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** A command that writes its process's number into a file, then sleeps. */
function sleeper(file: string): [string, ...string[]] {
  return ['sh', '-c', 'echo $$ >"$0.new"; mv "$0.new" "$0"; exec sleep 100', file];
}

function pidIn(file: string): number {
  return Number(readFileSync(file, 'utf8'));
}

describe('a command', () => {
  it('hands back what it wrote and its exit status', async () => {
    const lines: string[] = [];
    const end = await runCommand({
      words: ['sh', '-c', 'echo one; printf two; echo trouble >&2; exit 3'],
      onLine: (line) => lines.push(line),
    });
    expect(end.status).toBe(3);
    expect(end.output.toString()).toBe('one\ntwo');
    expect(end.errors).toBe('trouble\n');
    expect(lines).toEqual(['one', 'two']);
  });

  it('gets its arguments as they are, without a shell', async () => {
    const { output } = await runCommand({ words: ['printf', '%s|', 'a b', '$HOME', '*', ''] });
    expect(output.toString()).toBe('a b|$HOME|*||');
  });

  it('that does not exist is an error with a next step', async () => {
    await expect(runCommand({ words: ['daxlab-no-such-program'] })).rejects.toThrow(
      'there is no command daxlab-no-such-program: "daxlab kernel doctor" says what is missing',
    );
  });

  it('is killed when aborted', async () => {
    const file = join(temporaryFolder(), 'pid');
    const controller = new AbortController();
    const running = runCommand({ words: sleeper(file), signal: controller.signal });
    running.catch(() => undefined);
    await until(() => existsSync(file));
    controller.abort(new Error('interrupted'));
    await expect(running).rejects.toThrow('interrupted');
    expect(isRunning(pidIn(file))).toBe(false);
  });

  it('that says nothing for too long is stuck, and killed', async () => {
    const file = join(temporaryFolder(), 'pid');
    const running = runCommand({ words: sleeper(file), silenceLimit: 1500 });
    await expect(running).rejects.toThrow('sh is stuck: it said nothing for 1.5 seconds');
    expect(isRunning(pidIn(file))).toBe(false);
  });

  it('that goes on saying something is not stuck', async () => {
    const words = ['sh', '-c', 'for i in 1 2 3 4 5 6; do echo $i; sleep 0.4; done'] as const;
    expect((await runCommand({ words: [...words], silenceLimit: 1500 })).status).toBe(0);
  });

  it('is not started when already aborted', async () => {
    const folder = temporaryFolder();
    const running = runCommand({
      words: ['mkdir', join(folder, 'made')],
      signal: AbortSignal.abort(new Error('too late')),
    });
    await expect(running).rejects.toThrow('too late');
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });
});

describe('a keeper', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'kills its command and removes its folder when the one who asked for it dies by %s',
    async (signal) => {
      const folder = temporaryFolder();
      const belongings = join(folder, 'belongings');
      mkdirSync(belongings);
      const file = join(folder, 'pid');
      const words = underKeeper(sleeper(file), belongings);
      const script = `require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { detached: true, stdio: 'pipe' })`;
      const owner = spawn(process.execPath, ['-e', script, '--', ...words], { stdio: 'ignore' });
      await until(() => existsSync(file));
      expect(isRunning(pidIn(file))).toBe(true);
      owner.kill(signal);
      await until(() => !isRunning(pidIn(file)) && !existsSync(belongings));
    },
  );

  it('removes the folder when its command ends by itself', async () => {
    const belongings = join(temporaryFolder(), 'belongings');
    mkdirSync(belongings);
    const [program, ...args] = underKeeper(['sh', '-c', 'exit 5'], belongings);
    const keeper = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'] });
    const status = await new Promise((resolve) => keeper.once('close', resolve));
    expect(status).toBe(5);
    expect(existsSync(belongings)).toBe(false);
  });
});
