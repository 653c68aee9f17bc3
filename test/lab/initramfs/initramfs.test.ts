import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { makeInitramfs } from '../../../src/lab/initramfs/initramfs.ts';
import { initScript } from '../../../src/lab/initramfs/initScript.ts';
import type { KernelImage } from '../../../src/lab/kernels/kernelImage.ts';
import type { DeviceSpec } from '../../../src/lab/machine/guest.ts';
import { runCommand } from '../../../src/lab/process/runCommand.ts';
import { kernelOf, named, whyNotBooted } from '../support/realKernels.ts';
import { buildStandIn } from '../support/standInAgent.ts';

const DEVICES: readonly DeviceSpec[] = [
  { kind: 'devdax', align: '2M', bytes: 4 << 20 },
  { kind: 'fsdax', fileSystem: 'ext4', rmapbt: false, bytes: 4 << 20 },
];

describe('the first process of a guest', () => {
  it.each([
    ['no device', []],
    ['a device', DEVICES.slice(0, 1)],
    ['devices of both kinds', DEVICES],
  ])('is a script that a shell takes, with %s', (_, devices) => {
    const script = initScript({ modules: ['a.ko', 'b.ko nr_devices=1'], devices });
    const { status, stderr } = spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('makes an xfs with a map from blocks to files or without, whatever mkfs has by default', () => {
    const devices = [true, false].map(
      (rmapbt): DeviceSpec => ({ kind: 'fsdax', fileSystem: 'xfs', rmapbt, bytes: 4 << 20 }),
    );
    const makers = initScript({ modules: [], devices }).match(/mkfs\.xfs .*/g) ?? [];
    expect(makers.map((maker) => / -m (\S+) .* (\S+)$/.exec(maker)?.slice(1))).toEqual([
      ['reflink=1,rmapbt=1', '/dev/pmem0'],
      ['reflink=1,rmapbt=0', '/dev/pmem1'],
    ]);
  });
});

const reason = whyNotBooted('newest');

describe.skipIf(reason !== null)(named('the first file system of a guest', reason), () => {
  it('has the same bytes each time', async () => {
    const agent = buildStandIn();
    try {
      const spec = {
        kernel: kernelOf('newest') as KernelImage,
        agent: agent.path,
        devices: DEVICES,
        modules: ['null_blk nr_devices=1'],
      };
      const first = await makeInitramfs(spec, runCommand);
      const second = await makeInitramfs(spec, runCommand);
      expect(second.equals(first)).toBe(true);
      expect(first.toString('latin1')).toContain('insmod /modules/null_blk.ko nr_devices=1');
    } finally {
      agent.remove();
    }
  });
});
