import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FetchOptions, fetchKernel, UnknownKernelError } from '../../../src/lab/kernels/fetchKernel.ts';
import { cachedKernels, type KernelCache } from '../../../src/lab/kernels/kernelCache.ts';
import type { WantedKernel } from '../../../src/lab/kernels/release.ts';
import { LabError } from '../../../src/lab/labError.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { type FakeArchive, fakeArchive, OS_RELEASE } from './fakeArchive.ts';

const OLD = '6.12.95+deb12-amd64';
const NEW = '7.3.4+deb13-amd64';

const ARCHIVE: FakeArchive = {
  packages: {
    [`linux-image-${OLD}`]: 'kmod, initramfs-tools (>= 0.120) | linux-initramfs-tool',
    [`linux-image-${OLD}-unsigned`]: 'kmod',
    'linux-image-6.12.96+deb12-cloud-amd64': '',
    'linux-image-6.12.96+deb12-rt-amd64': '',
    [`linux-image-${NEW}`]: `dracut, linux-base-${NEW} (= 1), linux-binary-${NEW} (= 1), linux-modules-${NEW} (= 1)`,
  },
  files: {
    [`linux-image-${OLD}`]: [`boot/vmlinuz-${OLD}`, `lib/modules/${OLD}/modules.builtin`],
    [`linux-base-${NEW}`]: [`usr/lib/modules/${NEW}/modules.builtin`],
    [`linux-binary-${NEW}`]: [`usr/lib/modules/${NEW}/vmlinuz`],
    [`linux-modules-${NEW}`]: [`usr/lib/modules/${NEW}/kernel/drivers/dax/device_dax.ko`],
  },
};

const LINE_6_12: WantedKernel = { newest: false, release: '6.12' };
const NEWEST: WantedKernel = { newest: true };

function setUp(archive: FakeArchive = ARCHIVE): {
  options: FetchOptions;
  cache: KernelCache;
  commands: string[];
} {
  const cache = { folder: join(temporaryFolder(), 'kernels') };
  const { run, commands } = fakeArchive(archive);
  return { cache, commands, options: { cache, run, osRelease: OS_RELEASE } };
}

function everythingIn(cache: KernelCache): string[] {
  return readdirSync(cache.folder);
}

describe('fetching a kernel', () => {
  it('takes the newest of the line, in the flavour that has DAX, signed if there is one', async () => {
    const { options, cache, commands } = setUp();
    const { image, isNew } = await fetchKernel(LINE_6_12, options);
    expect(isNew).toBe(true);
    expect(image.release).toBe(OLD);
    expect(readFileSync(image.vmlinuz, 'utf8')).toBe(`boot/vmlinuz-${OLD}`);
    expect(readdirSync(image.modules)).toEqual(['modules.builtin']);
    expect(commands.find((words) => words.includes(' download '))).toMatch(
      new RegExp(` download linux-image-${OLD.replace('+', '\\+')}$`),
    );
    expect(everythingIn(cache)).toEqual([OLD]);
  });

  it('puts a kernel together that comes in several packages', async () => {
    const { options } = setUp();
    const { image } = await fetchKernel(NEWEST, options);
    expect(image.release).toBe(NEW);
    expect(readFileSync(image.vmlinuz, 'utf8')).toBe(`usr/lib/modules/${NEW}/vmlinuz`);
    expect(readdirSync(image.modules).sort()).toEqual(['kernel', 'modules.builtin']);
  });

  it('downloads nothing that is in the cache, and does not even ask for a release that is named in full', async () => {
    const { options, commands } = setUp();
    await fetchKernel(LINE_6_12, options);
    commands.length = 0;
    expect((await fetchKernel(LINE_6_12, options)).isNew).toBe(false);
    expect(commands.filter((words) => words.includes(' download '))).toEqual([]);
    commands.length = 0;
    expect((await fetchKernel({ newest: false, release: OLD }, options)).isNew).toBe(false);
    expect(commands).toEqual([]);
  });

  it('leaves apt’s own folders alone and refuses unsigned archives', async () => {
    const { options, cache, commands } = setUp();
    await fetchKernel(LINE_6_12, options);
    const changing = commands.filter((words) => / (update|download)\b/.test(words));
    expect(changing).toHaveLength(2);
    for (const words of changing) {
      for (const name of ['Dir::State', 'Dir::Cache', 'Dir::Etc::sourcelist']) {
        expect(words).toContain(`${name}=${cache.folder}`);
      }
      expect(words).toContain('Acquire::AllowInsecureRepositories=false');
      expect(words).toContain('APT::Get::AllowUnauthenticated=false');
    }
  });

  it('tells how far it is', async () => {
    const { options } = setUp();
    const stages: string[] = [];
    await fetchKernel(LINE_6_12, {
      ...options,
      onProgress: ({ stage, percent }) => stages.push(percent === null ? stage : `${stage} ${percent}`),
    });
    expect(stages).toEqual(['lists', 'lists 50', 'download', 'download 50', 'unpack']);
  });

  it('goes on without a suite that the mirror does not have', async () => {
    const { options } = setUp({
      ...ARCHIVE,
      failures: [{ words: / update$/, errors: 'E: The repository does not have a Release file.' }],
    });
    expect((await fetchKernel(LINE_6_12, options)).image.release).toBe(OLD);
  });
});

describe('a fetch that fails', () => {
  it('for a line that the archive does not have names the lines that it has', async () => {
    const { options, cache } = setUp();
    const fetching = fetchKernel({ newest: false, release: '5.99' }, options);
    await expect(fetching).rejects.toThrow(UnknownKernelError);
    await expect(fetching).rejects.toThrow('the archive has no kernel 5.99; it has 6.12, 7.3');
    expect(everythingIn(cache)).toEqual([]);
  });

  it('without a network repeats what apt says, in one line', async () => {
    const { options, cache } = setUp({
      packages: {},
      failures: [
        {
          words: / update$/,
          errors: 'W: Failed\nE: Could not resolve the host\nE: Some index files failed\n',
        },
      ],
    });
    await expect(fetchKernel(NEWEST, options)).rejects.toThrow(
      'apt finds no kernel: Could not resolve the host',
    );
    expect(everythingIn(cache)).toEqual([]);
  });

  it.each([
    ['reading lists', / update$/],
    ['downloading', / download /],
    ['unpacking', /^dpkg-deb /],
  ])('for want of room while %s says where, and leaves nothing', async (_, words) => {
    const { options, cache } = setUp({
      ...ARCHIVE,
      packages: words.test('apt-get update') ? {} : ARCHIVE.packages,
      failures: [
        { words, errors: 'E: Write error - write (28: No space left on device)\nE: Unable to go on\n' },
      ],
    });
    const fetching = fetchKernel(LINE_6_12, options);
    await expect(fetching).rejects.toThrow(LabError);
    await expect(fetching).rejects.toThrow(
      `no room left in ${cache.folder}: free some, or set XDG_CACHE_HOME to a folder with room`,
    );
    expect(everythingIn(cache)).toEqual([]);
  });

  it.each([
    ['reading lists', / update$/],
    ['downloading', / download /],
    ['unpacking the first package', /^dpkg-deb .*linux-base/],
    ['unpacking the last package', /^dpkg-deb .*linux-modules/],
  ])('by an interrupt while %s leaves nothing, and the next one succeeds', async (_, words) => {
    const controller = new AbortController();
    const interrupting = setUp({
      ...ARCHIVE,
      before: (text) => {
        if (words.test(text)) controller.abort(new Error('interrupted'));
      },
    });
    const { cache, options } = interrupting;
    await expect(fetchKernel(NEWEST, { ...options, signal: controller.signal })).rejects.toThrow(
      'interrupted',
    );
    expect(everythingIn(cache)).toEqual([]);
    expect(cachedKernels(cache)).toEqual([]);
    const { run } = fakeArchive(ARCHIVE);
    expect((await fetchKernel(NEWEST, { ...options, run })).isNew).toBe(true);
  });

  it('for want of a folder that can be written says which, and how to take another', async () => {
    const { options, cache } = setUp();
    writeFileSync(cache.folder, 'a file in its place');
    await expect(fetchKernel(NEWEST, options)).rejects.toThrow(
      /^the cache cannot be written: EEXIST.*; XDG_CACHE_HOME may name another folder$/,
    );
  });

  it('since the packages lack the kernel names what is missing', async () => {
    const { options, cache } = setUp({
      ...ARCHIVE,
      files: { [`linux-image-${OLD}`]: [`boot/vmlinuz-${OLD}`] },
    });
    await expect(fetchKernel(LINE_6_12, options)).rejects.toThrow(
      `the kernel's packages have no usr/lib/modules/${OLD} and no lib/modules/${OLD}`,
    );
    expect(everythingIn(cache)).toEqual([]);
  });

  it('on another system than Debian says what works there', async () => {
    const { options } = setUp();
    await expect(fetchKernel(NEWEST, { ...options, osRelease: 'ID=fedora\n' })).rejects.toThrow(
      'kernels can be fetched on Debian only: boot one of your own with --vmlinuz and --modules',
    );
  });
});

describe('what a crash left in the cache', () => {
  it('is never taken for a kernel, and goes with the next fetch', async () => {
    const { options, cache } = setUp();
    const half = join(cache.folder, OLD);
    mkdirSync(join(half, 'modules'), { recursive: true });
    writeFileSync(join(half, 'vmlinuz'), 'half a ker');
    const gone = join(cache.folder, '.fetch-2147483647');
    mkdirSync(gone);
    expect(cachedKernels(cache)).toEqual([]);
    const { image, isNew } = await fetchKernel(LINE_6_12, options);
    expect(isNew).toBe(true);
    expect(readFileSync(image.vmlinuz, 'utf8')).toBe(`boot/vmlinuz-${OLD}`);
    expect(everythingIn(cache)).toEqual([OLD]);
  });

  it('is left alone while its process is alive', async () => {
    const { options, cache } = setUp();
    const running = join(cache.folder, `.fetch-${process.ppid}`);
    mkdirSync(running, { recursive: true });
    await fetchKernel(LINE_6_12, options);
    expect(everythingIn(cache).sort()).toEqual([`.fetch-${process.ppid}`, OLD]);
  });
});
