import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeMachineFolder } from '../../../src/lab/machine/machineFolder.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe('the folder of a machine', () => {
  it('is its own, and goes when it is removed', () => {
    const place = temporaryFolder();
    const [one, other] = [makeMachineFolder(1, [place]), makeMachineFolder(1, [place])];
    expect(one.path).not.toBe(other.path);
    one.remove();
    one.remove();
    expect(readdirSync(place).map((name) => join(place, name))).toEqual([other.path]);
  });

  it('is where the memory fits, and an error where it fits nowhere', () => {
    const place = temporaryFolder();
    expect(makeMachineFolder(1, ['/nowhere', place]).place).toBe(place);
    expect(() => makeMachineFolder(2 ** 60, [place])).toThrow(
      /^no room for the guest's memory: \d+ MiB must be free in/,
    );
    expect(() => makeMachineFolder(1, ['/nowhere'])).toThrow('no room');
  });

  it('takes those away whose owners were killed, and no others', () => {
    const place = temporaryFolder();
    const { pid } = spawnSync('true');
    const names = [`daxlab-${pid}-gone`, `daxlab-${process.pid}-alive`, 'daxlab-test-other', 'others'];
    for (const name of names) {
      mkdirSync(join(place, name));
      writeFileSync(join(place, name, 'ram'), '');
    }
    makeMachineFolder(1, [place]);
    expect(names.map((name) => existsSync(join(place, name)))).toEqual([false, true, true, true]);
  });
});
