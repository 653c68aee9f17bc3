import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAgent } from '../../../src/lab/agent/buildAgent.ts';
import { executeTests } from '../../../src/lab/execute/index.ts';
import type { KernelImage } from '../../../src/lab/kernels/kernelImage.ts';
import { LabError } from '../../../src/lab/labError.ts';
import { bootGuest } from '../../../src/lab/machine/bootGuest.ts';
import {
  ANSWERED,
  chooseAccelerator,
  trialCommand,
  trialFirmware,
} from '../../../src/lab/machine/chooseAccelerator.ts';
import type { BootSpec, Guest } from '../../../src/lab/machine/guest.ts';
import { runCommand } from '../../../src/lab/process/runCommand.ts';
import { loadTest } from '../../../src/litmus/index.ts';
import { kernelOf, named, whyNotBooted } from '../support/realKernels.ts';
import { buildStandIn, conversation, type StandIn } from '../support/standInAgent.ts';

const reason = whyNotBooted('6.12');

/** Command lines of the processes whose command lines have a text in them. */
function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(join('/proc', pid, 'cmdline'), 'utf8');
      } catch {
        return '';
      }
    })
    .filter((commandLine) => commandLine.includes(text));
}

async function caught(work: Promise<unknown>): Promise<LabError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error('it worked');
}

describe.skipIf(reason !== null)(named('a guest in trouble', reason), () => {
  let agent: StandIn;
  let spec: BootSpec;

  beforeAll(() => {
    agent = buildStandIn();
    const kernel = kernelOf('6.12') as KernelImage;
    spec = { kernel, agent: agent.path, devices: [{ kind: 'devdax', align: '4K', bytes: 4096 }] };
  });

  afterAll(() => agent?.remove());

  it('that panics says so, and is gone', async () => {
    const guest = await bootGuest(spec);
    guest.channel.write('panic\n');
    const end = await guest.ended;
    expect(end).toMatchObject({
      how: 'panicked',
      line: expect.stringContaining('Kernel panic - not syncing: sysrq'),
    });
    expect(guest.reports.map(({ kind }) => kind)).toContain('panic');
    expect(processesWith(dirname(guest.ramFile))).toEqual([]);
    expect(existsSync(dirname(guest.ramFile))).toBe(false);
  });

  it('whose agent crashes says by which signal', async () => {
    const guest = await bootGuest(spec);
    guest.channel.write('crash\n');
    expect(await guest.ended).toEqual({ how: 'powered off', agentStatus: 128 + 6 });
  });

  it('whose agent does not answer is called hung, and is gone', async () => {
    const guest = await bootGuest(spec);
    expect(await conversation(guest)('open 0')).toBe('ok');
    guest.declareHung('no answer to munmap');
    expect(await guest.ended).toEqual({ how: 'hung', reason: 'no answer to munmap' });
    expect(processesWith(dirname(guest.ramFile))).toEqual([]);
  });

  it('is emulated where KVM does not answer in time; the trial guest of that does answer', async () => {
    const firmware = join(mkdtempSync(join(tmpdir(), 'daxlab-test-')), 'firmware');
    writeFileSync(firmware, trialFirmware());
    const { status } = await runCommand({ words: trialCommand('tcg', firmware), silenceLimit: 20_000 });
    rmSync(dirname(firmware), { recursive: true });
    expect(status).toBe(ANSWERED);
    const started = performance.now();
    expect(['tcg', 'kvm']).toContain(await chooseAccelerator(runCommand));
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(processesWith('isa-debug-exit')).toEqual([]);
  });

  it('whose machine dies in the middle of a test is an error of that test alone', async () => {
    const programs = ['write-fault', 'read-fault', 'write-after-read'].flatMap((name) => {
      const path = `litmus/devdax/fault/${name}.litmus`;
      const loaded = loadTest(readFileSync(path, 'utf8'), path);
      return 'program' in loaded ? [loaded.program] : [];
    });
    const sources = fileURLToPath(new URL('../../../guest', import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), 'daxlab-test-'));
    const guests: Guest[] = [];
    const outcomes = new Map<string, string>();
    let tests = 0;
    try {
      for await (const { program, outcome } of executeTests([...programs, ...programs], {
        kernel: spec.kernel,
        agent: await buildAgent(sources, folder),
        bootGuest: async (wanted) => {
          const guest = await bootGuest(wanted);
          guests.push(guest);
          return guest;
        },
        iterations: null,
        onProgress: ({ stage }) => {
          if (stage === 'test' && ++tests === 2) void guests[0]?.dispose();
        },
      })) {
        outcomes.set(
          `${outcomes.size} ${program.name}`,
          `${outcome.result.verdict}: ${outcome.result.error ?? ''}`,
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    const [first, second, ...rest] = [...outcomes.values()];
    expect(first).toBe('ok: ');
    expect(second).toMatch(/^error: .*the agent in the guest is gone$/);
    expect(new Set(rest)).toEqual(new Set(['ok: ']));
    expect(guests.length).toBe(2);
  });

  it('that goes silent while it boots ends with the last lines of its console', async () => {
    // The stand-in in the place of the first process waits for a line that nobody writes.
    const error = await caught(bootGuest({ ...spec, commandLine: ['rdinit=/agent'], silenceLimit: 12_000 }));
    expect(error.message).toBe(
      'the kernel does not get to the agent: nothing came from its console for 12 seconds',
    );
    expect(error.details.length).toBeGreaterThan(10);
    expect(error.details.length).toBeLessThanOrEqual(40);
    expect(error.details.join('\n')).toContain('Run /agent as init process');
  });

  it('that panics while it boots ends with the panic', async () => {
    const error = await caught(bootGuest({ ...spec, commandLine: ['rdinit=/nowhere', 'root=/dev/nowhere'] }));
    expect(error.message).toContain('the kernel does not get to the agent: Kernel panic - not syncing: VFS');
  });

  it('that QEMU does not even start says what QEMU says', async () => {
    const error = await caught(bootGuest({ ...spec, processors: 100_000 }));
    expect(error.message).toMatch(/^the kernel does not get to the agent: its machine is gone: .*100000/);
  });

  it('is not started for an agent that could not run there', async () => {
    const error = await caught(bootGuest({ ...spec, agent: '/bin/sh' }));
    expect(error.message).toBe('/bin/sh is not a static program: it would not start in the guest');
    const missing = await caught(bootGuest({ ...spec, agent: '/nowhere/agent' }));
    expect(missing.message).toContain('/nowhere/agent cannot be read');
  });

  it('is gone when its boot is aborted', async () => {
    const controller = new AbortController();
    let seen = 0;
    const before = new Set(readdirSync('/dev/shm'));
    const booting = bootGuest({
      ...spec,
      signal: controller.signal,
      onConsole: () => {
        if (seen++ === 20) controller.abort(new Error('interrupted'));
      },
    });
    await expect(booting).rejects.toThrow('interrupted');
    expect(seen).toBeGreaterThan(20);
    const left = readdirSync('/dev/shm').filter((name) => name.startsWith('daxlab-') && !before.has(name));
    expect(left.filter((name) => processesWith(name).length === 0)).toEqual([]);
  });

  it('is gone, with all that it had, when the one who booted it is killed', async () => {
    const program = fileURLToPath(new URL('./bootAndWait.ts', import.meta.url));
    const owner = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(spec)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const folder = await new Promise<string>((resolve) => {
      owner.stdout.once('data', (text) => resolve(String(text).trim()));
    });
    expect(processesWith(folder).length).toBeGreaterThan(0);
    expect(existsSync(folder)).toBe(true);
    owner.kill('SIGKILL');
    for (let i = 0; i < 200 && (processesWith(folder).length > 0 || existsSync(folder)); i++) await sleep(50);
    expect(processesWith(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });
});
