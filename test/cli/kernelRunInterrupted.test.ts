import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/commandLine.ts';
import { validateDocument } from '../../src/litmus/output/index.ts';
import { named, whyNotBooted } from '../lab/support/realKernels.ts';

const reason = whyNotBooted('6.12');
const argumentsFor = (folder: string): string[] => [
  ...['kernel', 'run', `litmus/devdax/${folder}`, '--kernel', '6.12', '--json'],
];
const ARGUMENTS = argumentsFor('fault');
const PROGRAM = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

interface Keeper {
  readonly id: string;
  /** The folder of the machine that it keeps. */
  readonly folder: string;
}

/** The machines that a process has started and that still run. */
function machinesOf(parent: number): Keeper[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const [, parentOfIt = ''] = /\) \S (\d+) /.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
        const words = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
        const folder = words[words.indexOf('daxlab-keeper') + 1] ?? '';
        const isMachine = Number(parentOfIt) === parent && words.includes('daxlab-keeper') && folder !== '';
        return isMachine ? [{ id, folder }] : [];
      } catch {
        return [];
      }
    });
}

function expectNothingLeft(machines: readonly Keeper[]): void {
  expect(machines.length).toBeGreaterThan(0);
  for (const { id, folder } of machines) {
    expect(existsSync(folder), folder).toBe(false);
    expect(existsSync(`/proc/${id}`), id).toBe(false);
  }
}

describe.skipIf(reason !== null)(named('kernel run that is interrupted', reason), () => {
  it.each([
    { when: 'between tests', folder: 'fault', shows: /: [2-9] of \d+ tests/, atLeast: 2 },
    { when: 'while a guest begins as another', folder: 'unbind', shows: /another guest begins/, atLeast: 0 },
  ])(
    '$when prints what came of those before, and leaves nothing behind',
    async ({ folder, shows, atLeast }) => {
      let out = '';
      let err = '';
      let machines: Keeper[] = [];
      let isInterrupted = false;
      const status = await runCommandLine(argumentsFor(folder), {
        out: (text) => {
          out += text;
        },
        err: (text) => {
          if (machines.length === 0 && shows.test(text)) {
            machines = machinesOf(process.pid);
            isInterrupted = true;
          }
          err += text;
        },
        readInput: async () => '',
        isTerminal: true,
        environment: process.env,
        get isInterrupted() {
          return isInterrupted;
        },
        breathe: async () => {},
      });
      expect(status).toBe(3);
      const document = JSON.parse(out);
      expect(validateDocument(document)).toHaveProperty('document');
      const outcomes = document.comparisons.map(({ outcome }: { outcome: string }) => outcome);
      expect(outcomes.length).toBeGreaterThanOrEqual(atLeast);
      expect(outcomes).not.toContain('error');
      expect(err).toMatch(/error: interrupted after \d+ of \d+ tests; nothing is left behind\n$/);
      expectNothingLeft(machines);
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s in the middle of a boot does the same', async (signal) => {
    const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, ...ARGUMENTS], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    let machines: Keeper[] = [];
    while (machines.length === 0 && child.exitCode === null) {
      await sleep(100);
      machines = machinesOf(child.pid ?? 0);
    }
    child.kill(signal);
    expect(await ended).toBe(3);
    const document = JSON.parse(out);
    expect(validateDocument(document)).toHaveProperty('document');
    expect(document.results).toEqual([]);
    expectNothingLeft(machines);
  });

  it('before anything is compiled prints an empty document', async () => {
    let out = '';
    const status = await runCommandLine(ARGUMENTS, {
      out: (text) => {
        out += text;
      },
      err: () => {},
      readInput: async () => '',
      isTerminal: false,
      environment: process.env,
      isInterrupted: true,
      breathe: async () => {},
    });
    expect(status).toBe(3);
    expect(JSON.parse(out).results).toEqual([]);
  });
});
