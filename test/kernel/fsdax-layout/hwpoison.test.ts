import { describe, expect, it } from 'vitest';
import { EBUSY, SIGNAL_SIGBUS } from '../../../src/kernel/common/include/errno.ts';
import { MADV_HWPOISON, PROT_READ } from '../../../src/kernel/common/include/mman.ts';
import { PG_dirty, PG_hwpoison, PG_referenced } from '../../../src/kernel/state/memmap.ts';
import { page } from '../../../src/kernel/state/page.ts';
import { DEVICE_PFN, type FileSystem } from '../fs/fileKernel.ts';
import { AT, GupKernel, PAGE } from '../gup/gupKernel.ts';
import { advance } from './fileKernel.ts';
import { AT as FILE_AT, MappedFile } from './mappedFile.ts';

const HUGE = 512 * PAGE;
const SCHEMES = ['devmap', 'refcount'] as const;

/** References of an idle page of device-DAX, and of one that an entry maps. */
const MAPPED = { devmap: 1, refcount: 2 } as const;

describe.each(SCHEMES)('a failing page of a device, under %s', (scheme) => {
  it('gives the process SIGBUS and is mapped no more, but can be touched again', () => {
    const kernel = new GupKernel(scheme, 1);
    kernel.process(1, 2 * PAGE);
    kernel.touch(1, AT + PAGE, 1);
    expect(kernel.call('sys_madvise', 1, AT + PAGE, PAGE, MADV_HWPOISON)).toBe(SIGNAL_SIGBUS);
    expect(kernel.leaf(1, AT / PAGE + 1)).toBeUndefined();
    expect(kernel.page(1).refcount).toBe(1);
    expect(kernel.page(1).flags & (PG_hwpoison | PG_referenced)).toBe(PG_hwpoison | PG_referenced);
    expect((kernel.page(1).flags & PG_dirty) !== 0).toBe(scheme === 'refcount');
    expect(kernel.load(1, AT / PAGE + 1)).toBe(1);
    expect(kernel.page(1).refcount).toBe(MAPPED[scheme]);
    expect(kernel.load(1, AT / PAGE)).toBe(0);
    expect(kernel.call('sys_munmap', 1, AT, 2 * PAGE)).toBe(0);
    expect([kernel.page(0).refcount, kernel.page(1).refcount]).toEqual([1, 1]);
    expect(kernel.pgmapRef()).toBe(1 + 4 * 262144);
    expect(kernel.warnings).toEqual([]);
  });

  it('takes the whole huge page with it, whose head alone is marked', () => {
    const kernel = new GupKernel(scheme, 512);
    kernel.process(1, 2 * HUGE);
    kernel.touch(1, AT + HUGE, 1);
    expect(kernel.call('sys_madvise', 1, AT + HUGE + 5 * PAGE, PAGE, MADV_HWPOISON)).toBe(SIGNAL_SIGBUS);
    expect(kernel.leaf(1, AT / PAGE + 512)).toBeUndefined();
    expect(kernel.page(512).refcount).toBe(1);
    expect(kernel.page(512).flags & PG_hwpoison).toBe(PG_hwpoison);
    expect(kernel.page(517).flags & PG_hwpoison).toBe(0);
    expect(kernel.load(1, AT / PAGE + 512)).toBe(1);
    expect(kernel.leaf(1, AT / PAGE + 512)?.level).toBe('pmd');
    expect(kernel.page(512).refcount).toBe(MAPPED[scheme]);
    expect(kernel.warnings).toEqual([]);
  });

  it('is taken away from other processes as well, who hear nothing of it', () => {
    const kernel = new GupKernel(scheme, 1);
    kernel.process(1, PAGE);
    kernel.touch(1, AT, 7);
    kernel.process(2, PAGE);
    kernel.touch(2, AT, 8);
    kernel.runIn(0, 1);
    expect(kernel.call('sys_madvise', 1, AT, PAGE, MADV_HWPOISON)).toBe(SIGNAL_SIGBUS);
    expect([kernel.leaf(1, AT / PAGE), kernel.leaf(2, AT / PAGE)]).toEqual([undefined, undefined]);
    kernel.runIn(1, 2);
    expect(kernel.load(2, AT / PAGE)).toBe(8);
  });

  it('fails page by page of a range, and nothing where nothing is mapped', () => {
    const kernel = new GupKernel(scheme, 1);
    kernel.process(1, 2 * PAGE);
    expect(kernel.call('sys_madvise', 1, AT, 2 * PAGE, MADV_HWPOISON)).toBe(SIGNAL_SIGBUS);
    expect([0, 1, 2].map((index) => kernel.page(index).flags & PG_hwpoison)).toEqual([
      PG_hwpoison,
      PG_hwpoison,
      0,
    ]);
    expect(kernel.call('sys_madvise', 1, AT + 4 * PAGE, PAGE, MADV_HWPOISON)).toBe(-14);
    expect(kernel.call('sys_madvise', 1, AT + 1, PAGE, MADV_HWPOISON)).toBe(-22);
  });
});

describe.each([
  ['devmap', 'ext4'],
  ['devmap', 'xfs'],
  ['devmap', 'xfs with rmapbt'],
  ['refcount', 'ext4'],
  ['refcount', 'xfs'],
  ['refcount', 'xfs with rmapbt'],
] as const)('a failing page of a file, under %s on %s', (scheme, fileSystem) => {
  const failing = (kernel: MappedFile, index: number): number =>
    kernel.call('sys_madvise', 1, FILE_AT + index * PAGE, PAGE, MADV_HWPOISON);
  const isPoisoned = (kernel: MappedFile, index: number): boolean =>
    (kernel.machine.memory.of(page).flags.get(DEVICE_PFN + (kernel.first[index] ?? 0)) & PG_hwpoison) !== 0;
  const idle = scheme === 'devmap' ? 1 : 0;

  it('gives the process SIGBUS, stays the file’s, and can be touched again', () => {
    const kernel = new MappedFile(scheme, fileSystem, 2);
    kernel.store(1, 1);
    expect(failing(kernel, 1)).toBe(SIGNAL_SIGBUS);
    expect([isPoisoned(kernel, 0), isPoisoned(kernel, 1)]).toEqual([false, true]);
    expect(kernel.page(1)).toEqual({ refcount: idle, mapcount: 0, owned: true });
    expect([kernel.load(1), kernel.load(0)]).toEqual([1, 0]);
    expect(kernel.page(1).refcount).toBe(1);
    expect(kernel.call('sys_munmap', 1, FILE_AT, 2 * PAGE)).toBe(0);
    expect([kernel.page(0).refcount, kernel.page(1).refcount]).toEqual([idle, idle]);
    expect(kernel.warnings).toEqual([]);
  });

  it('is waited for while somebody has its entry locked', () => {
    const kernel = new MappedFile(scheme, fileSystem, 1);
    kernel.store(0, 1);
    const syncing = kernel.thread(1, 'sys_fsync', kernel.filp);
    while (syncing.pending?.primitive !== 'arch_wb_cache_pmem') syncing.step();
    const advising = kernel.thread(0, 'sys_madvise', 1, FILE_AT, PAGE, MADV_HWPOISON);
    advance(advising);
    expect([advising.blocked, isPoisoned(kernel, 0)]).toEqual([true, false]);
    advance(syncing);
    advance(advising);
    expect([syncing.done, advising.result, isPoisoned(kernel, 0)]).toEqual([true, SIGNAL_SIGBUS, true]);
  });
});

describe.each(['devmap', 'refcount'] as const)('a failing page that two files share, under %s', (scheme) => {
  const at = FILE_AT + 16 * PAGE;
  const mapped = scheme === 'devmap' ? { refcount: 1, mapcount: 0 } : { refcount: 2, mapcount: 2 };

  function sharedBetweenTwo(fileSystem: FileSystem): MappedFile {
    const kernel = new MappedFile(scheme, fileSystem, 1);
    const clone = kernel.create(1);
    expect(kernel.call('sys_ficlone', clone, kernel.filp)).toBe(0);
    expect(kernel.call('sys_mmap', 1, clone, at, PAGE, PROT_READ, 0x100001, 0)).toBe(at);
    expect([kernel.load(0), kernel.call('cpu_load', 1, at)]).toEqual([0, 0]);
    expect(kernel.page(0)).toMatchObject(mapped);
    return kernel;
  }

  it('is found by a file system that knows both, and goes from both', () => {
    const kernel = sharedBetweenTwo('xfs with rmapbt');
    expect(kernel.call('sys_madvise', 1, at, PAGE, MADV_HWPOISON)).toBe(SIGNAL_SIGBUS);
    expect(kernel.page(0)).toMatchObject({ refcount: scheme === 'devmap' ? 1 : 0, mapcount: 0 });
    expect(kernel.warnings).toEqual([]);
  });

  it('stays with both where the file system does not know them, and nobody locks its entry', () => {
    const kernel = sharedBetweenTwo('xfs');
    expect(kernel.call('sys_madvise', 1, at, PAGE, MADV_HWPOISON)).toBe(-EBUSY);
    expect(kernel.page(0)).toMatchObject(mapped);
    expect(kernel.machine.memory.of(page).flags.get(DEVICE_PFN + (kernel.first[0] ?? 0)) & PG_hwpoison).toBe(
      0,
    );
    expect(kernel.warnings).toEqual(
      scheme === 'devmap' ? ['dax_lock_folio: NULL pointer dereference, several files have the page'] : [],
    );
  });
});
