import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KernelImage } from '../../../src/lab/kernels/kernelImage.ts';
import { bootGuest } from '../../../src/lab/machine/bootGuest.ts';
import type { Guest } from '../../../src/lab/machine/guest.ts';
import { kernelOf, named, whyNotBooted } from '../support/realKernels.ts';
import { buildStandIn, conversation, type StandIn } from '../support/standInAgent.ts';

const MIB = 2 ** 20;

/** The device's info block comes before its page 0. */
const BEFORE_PAGE_ZERO = 2 * MIB;

function bytesAt({ ramFile, ramExtents }: Guest, physicalAddress: number, length: number): string {
  const extent = ramExtents.find(
    (candidate) =>
      candidate.physicalAddress <= physicalAddress &&
      physicalAddress < candidate.physicalAddress + candidate.bytes,
  );
  if (extent === undefined) throw new Error(`no memory at ${physicalAddress}`);
  const file = openSync(ramFile, 'r');
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, physicalAddress - extent.physicalAddress + extent.fileOffset);
  closeSync(file);
  return bytes.toString('latin1');
}

describe.each(['6.12', 'newest'])('a guest', (version) => {
  const reason = whyNotBooted(version);

  describe.skipIf(reason !== null)(named(`with kernel ${version}`, reason), () => {
    let agent: StandIn;
    let guest: Guest;
    let ask: (question: string) => Promise<string>;
    const kernel = kernelOf(version) as KernelImage;

    beforeAll(async () => {
      agent = buildStandIn();
      guest = await bootGuest({
        kernel,
        agent: agent.path,
        devices: [
          { kind: 'devdax', align: '4K', bytes: 4 * MIB },
          { kind: 'devdax', align: '2M', bytes: 150 * MIB },
        ],
      });
      ask = conversation(guest);
    }, 180_000);

    afterAll(async () => {
      await guest?.dispose();
      agent?.remove();
    });

    it('runs that kernel and no other', () => {
      expect(guest.release).toBe(kernel.release);
    });

    it('has its devices, at least as large as asked for', async () => {
      expect(guest.devices.map(({ path }) => path)).toEqual(['/dev/dax0.0', '/dev/dax1.0']);
      expect(guest.devices[0]?.bytes).toBeGreaterThanOrEqual(4 * MIB);
      expect(guest.devices[1]?.bytes).toBeGreaterThanOrEqual(150 * MIB);
      expect(await ask('devices')).toBe('/dev/dax0.0 /dev/dax1.0');
      expect(await ask('open 0')).toBe('ok');
      expect(await ask('open 1')).toBe('ok');
    });

    it('shows in its memory file what the agent writes to a device', async () => {
      for (const [index, device] of guest.devices.entries()) {
        const text = `written-to-device-${index}`;
        expect(await ask(`put ${index} ${text}`)).toBe('ok');
        expect(bytesAt(guest, device.regionStart + BEFORE_PAGE_ZERO, text.length)).toBe(text);
      }
    });

    it('answers nothing while it is paused', async () => {
      await guest.pause();
      let isAnswered = false;
      const answer = ask('devices').then(() => {
        isAnswered = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(isAnswered).toBe(false);
      await guest.resume();
      await answer;
      expect(isAnswered).toBe(true);
    });

    it('can be frozen after its boot, and others go on as it, each with memory of its own', async () => {
      const first = await bootGuest({
        kernel,
        agent: agent.path,
        devices: [{ kind: 'devdax', align: '4K', bytes: 4 * MIB }],
      });
      expect(await conversation(first)('put 0 before')).toBe('ok');
      const frozen = await first.freeze();
      const others = [await frozen.thaw(), await frozen.thaw()];
      try {
        for (const [index, other] of others.entries()) {
          const { release, devices } = other;
          expect({ release, devices }).toEqual({ release: first.release, devices: first.devices });
          const start = (devices[0]?.regionStart ?? 0) + BEFORE_PAGE_ZERO;
          expect(bytesAt(other, start, 6)).toBe('before');
          expect(await conversation(other)(`put 0 after${index}`)).toBe('ok');
          expect(bytesAt(other, start, 6)).toBe(`after${index}`);
          expect(bytesAt(first, start, 6)).toBe('before');
        }
        await frozen.dispose();
        expect(existsSync(first.ramFile)).toBe(false);
        expect(await conversation(others[1] as Guest)('devices')).toBe('/dev/dax0.0');
      } finally {
        for (const other of others) await other.dispose();
      }
      expect(others.map(({ ramFile }) => existsSync(ramFile))).toEqual([false, false]);
    });

    it('is content so far', () => {
      expect(guest.reports).toEqual([]);
    });

    it('powers off when its agent ends, and leaves nothing on this machine', async () => {
      guest.channel.write('exit 7\n');
      expect(await guest.ended).toEqual({ how: 'powered off', agentStatus: 7 });
      expect(existsSync(dirname(guest.ramFile))).toBe(false);
      await guest.dispose();
      await expect(guest.pause()).rejects.toThrow('the machine is gone');
    });
  });
});

const reason = whyNotBooted('newest') ?? whyNotBooted('newest', ['mkfs.ext4', 'mkfs.xfs']);

describe.skipIf(reason !== null)(named('a guest with file systems', reason), () => {
  it('has them mounted, and takes three virtual CPUs', async () => {
    const agent = buildStandIn();
    try {
      const guest = await bootGuest({
        kernel: kernelOf('newest') as KernelImage,
        agent: agent.path,
        devices: [
          { kind: 'fsdax', fileSystem: 'ext4', rmapbt: false, bytes: 4 * MIB },
          { kind: 'fsdax', fileSystem: 'xfs', rmapbt: false, bytes: 4 * MIB },
          { kind: 'devdax', align: '1G', bytes: 1 },
        ],
        processors: 3,
      });
      try {
        const ask = conversation(guest);
        expect(await ask('devices')).toBe('/dax0 /dax1 /dev/dax2.0');
        expect(await ask('file 0 text')).toBe('ok');
        expect(await ask('file 1 text')).toBe('ok');
        expect(await ask('open 2')).toBe('ok');
        expect(guest.devices[2]?.bytes).toBe(2 ** 30);
        expect(guest.devices[2]?.regionStart).toBeGreaterThanOrEqual(2 ** 32);
      } finally {
        await guest.dispose();
      }
      expect(await guest.ended).toEqual({ how: 'disposed' });
    } finally {
      agent.remove();
    }
  });
});
