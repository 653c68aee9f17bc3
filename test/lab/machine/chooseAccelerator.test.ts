import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/lab/labError.ts';
import { ANSWERED, chooseAccelerator } from '../../../src/lab/machine/chooseAccelerator.ts';
import type { CommandRunner, SystemCommand } from '../../../src/lab/process/runCommand.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** A machine whose trial guest ends with a status, or as it is thrown. */
function machine(end: number | Error): {
  run: CommandRunner;
  commands: SystemCommand[];
  firmware: () => string;
} {
  const commands: SystemCommand[] = [];
  const firmware = (): string => {
    const words: readonly string[] = commands.at(-1)?.words ?? [];
    return words[words.indexOf('-bios') + 1] ?? '';
  };
  const run: CommandRunner = async (command) => {
    commands.push(command);
    expect(readFileSync(firmware()).length).toBe(65_536);
    if (typeof end !== 'number') throw end;
    return { status: end, output: Buffer.alloc(0), errors: '' };
  };
  return { run, commands, firmware };
}

function device(): string {
  const path = join(temporaryFolder(), 'kvm');
  writeFileSync(path, '');
  return path;
}

describe('what guests run on', () => {
  it('is an emulated processor where there is no KVM, without a trial', async () => {
    const { run, commands } = machine(ANSWERED);
    expect(await chooseAccelerator(run, undefined, '/nowhere/kvm')).toBe('tcg');
    expect(commands).toEqual([]);
  });

  it('is KVM where a guest answers under it, tried anew each time', async () => {
    const { run, commands, firmware } = machine(ANSWERED);
    const kvm = device();
    expect(await chooseAccelerator(run, undefined, kvm)).toBe('kvm');
    expect(await chooseAccelerator(run, undefined, kvm)).toBe('kvm');
    expect(commands).toHaveLength(2);
    expect(commands[0]?.silenceLimit).toBe(5000);
    expect(existsSync(firmware())).toBe(false);
  });

  it.each([
    ['crashes', 134],
    ['ends without an answer', 0],
    ['hangs', new LabError('qemu-system-x86_64 is stuck: it said nothing for 5 seconds')],
  ])('is an emulated processor where a guest %s under KVM', async (_what, end) => {
    const { run, firmware } = machine(end);
    expect(await chooseAccelerator(run, undefined, device())).toBe('tcg');
    expect(existsSync(firmware())).toBe(false);
  });

  it('is not found out once that is aborted', async () => {
    const { run, firmware } = machine(new Error('interrupted'));
    await expect(chooseAccelerator(run, undefined, device())).rejects.toThrow('interrupted');
    expect(existsSync(firmware())).toBe(false);
  });
});
