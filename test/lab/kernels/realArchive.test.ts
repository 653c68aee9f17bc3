import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { moduleIndex } from '../../../src/lab/initramfs/kernelModules.ts';
import { availableReleases, fetchKernel } from '../../../src/lab/kernels/fetchKernel.ts';
import { compareReleases } from '../../../src/lab/kernels/release.ts';
import { releaseOf } from '../../../src/lab/kernels/userKernel.ts';
import { named } from '../support/realKernels.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const reason =
  process.env.DAXLAB_REAL_ARCHIVE === '1' ? null : 'it downloads 250 MB: DAXLAB_REAL_ARCHIVE=1 asks for it';

describe.skipIf(reason !== null)(named('the archive of this machine', reason), () => {
  it('has kernels from before and after the change', async () => {
    const releases = await availableReleases({ cache: { folder: temporaryFolder() } });
    expect(releases.filter((release) => release.startsWith('6.12.')).length).toBeGreaterThan(0);
    expect(compareReleases(releases.at(-1) ?? '', '6.15')).toBeGreaterThan(0);
  });

  it.each([
    ['in one package', { newest: false, release: '6.12' } as const],
    ['in several', { newest: true } as const],
  ])('gives a kernel %s, whole', async (_, wanted) => {
    const folder = temporaryFolder();
    const { image } = await fetchKernel(wanted, { cache: { folder } });
    expect(releaseOf(image.vmlinuz)).toBe(image.release);
    const { files, builtIn } = moduleIndex(image);
    expect(files.has('device_dax')).toBe(true);
    expect(builtIn.has('virtio_pci') || files.has('virtio_pci')).toBe(true);
    expect(existsSync(image.modules)).toBe(true);
    expect(readdirSync(folder)).toEqual([image.release]);
  });
});
