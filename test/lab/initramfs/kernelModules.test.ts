import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type KernelModule, moduleIndex, modulesToLoad } from '../../../src/lab/initramfs/kernelModules.ts';
import { runCommand } from '../../../src/lab/process/runCommand.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { moduleBytes } from './elfBytes.ts';

const MODULES: Readonly<Record<string, Buffer>> = {
  'drivers/dax/device_dax.ko': moduleBytes([]),
  'drivers/nvdimm/libnvdimm.ko': moduleBytes([]),
  'drivers/nvdimm/nd_btt.ko': moduleBytes(['libnvdimm']),
  'drivers/nvdimm/nd-pmem.ko.gz': gzipSync(moduleBytes(['nd_btt', 'libnvdimm', 'virtio'])),
  'fs/loop-a.ko': moduleBytes(['gone']),
  'fs/broken.ko': Buffer.from('no module'),
  'fs/cut.ko.xz': Buffer.from('no xz'),
};

async function load(names: readonly string[]): Promise<KernelModule[]> {
  const modules = temporaryFolder();
  for (const [path, content] of Object.entries(MODULES)) {
    const file = join(modules, 'kernel', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
  }
  writeFileSync(
    join(modules, 'modules.builtin'),
    'kernel/drivers/virtio/virtio.ko\nkernel/drivers/char/virtio-console.ko\n',
  );
  const index = moduleIndex({ release: '6.15.0', vmlinuz: '', modules });
  return modulesToLoad('6.15.0', index, names, runCommand);
}

describe('modules to load', () => {
  it('come after those they depend on, each once, without those that are built in', async () => {
    const modules = await load(['virtio_console', 'nd_pmem', 'device_dax', 'libnvdimm']);
    expect(modules.map(({ name }) => name)).toEqual(['libnvdimm', 'nd_btt', 'nd_pmem', 'device_dax']);
  });

  it('are the same whether written with - or _', async () => {
    expect((await load(['nd-pmem', 'nd_pmem'])).map(({ name }) => name)).toEqual([
      'libnvdimm',
      'nd_btt',
      'nd_pmem',
    ]);
  });

  it('are decompressed', async () => {
    const modules = await load(['nd_pmem']);
    expect(modules.at(-1)?.content).toEqual(moduleBytes(['nd_btt', 'libnvdimm', 'virtio']));
  });

  it.each([
    ['nowhere', '6.15.0 has no module nowhere: boot another kernel'],
    ['loop_a', '6.15.0 has no module gone: boot another kernel'],
    ['broken', 'broken.ko is no kernel module'],
    ['cut', 'cut.ko.xz cannot be decompressed'],
  ])('%s ends in an error that says why', async (name, message) => {
    await expect(load([name])).rejects.toThrow(message);
  });
});
