import { describe, expect, it } from 'vitest';
import { followBoot } from '../../../src/lab/machine/bootProgress.ts';
import type { MemoryLayout } from '../../../src/lab/machine/memoryLayout.ts';

const layout: MemoryLayout = {
  regions: [
    { start: 2 ** 30, bytes: 2 ** 27 },
    { start: 2 ** 31, bytes: 2 ** 27 },
  ],
  ramBytes: 2 ** 32,
  extents: [],
};

function boot(): ReturnType<typeof followBoot> {
  const progress = followBoot(layout, 60_000);
  void progress.result.then(() => progress.stop());
  return progress;
}

describe('a boot', () => {
  it('is over when the agent starts and everything was said of the devices', async () => {
    const progress = boot();
    progress.onReport({ kind: 'release', release: '7.0' });
    progress.onReport({ kind: 'device', index: 0, path: '/dev/dax0.0', bytes: 16 });
    progress.onReport({ kind: 'device', index: 1, path: '/dev/dax1.0', bytes: 32 });
    progress.onReport({ kind: 'agent starts' });
    expect(await progress.result).toMatchObject({
      kind: 'agent starts',
      release: '7.0',
      devices: [
        { path: '/dev/dax0.0', regionStart: 2 ** 30 },
        { path: '/dev/dax1.0', regionStart: 2 ** 31 },
      ],
    });
  });

  it('fails where the console has lost what was said of a device', async () => {
    const progress = boot();
    progress.onReport({ kind: 'release', release: '7.0' });
    progress.onReport({ kind: 'device', index: 1, path: '/dev/dax1.0', bytes: 32 });
    progress.onReport({ kind: 'agent starts' });
    expect(await progress.result).toMatchObject({ kind: 'failed', what: expect.stringContaining('in part') });
  });
});
