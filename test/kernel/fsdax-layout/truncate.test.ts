import { describe, expect, it } from 'vitest';
import { SIGNAL_SIGBUS } from '../../../src/kernel/common/include/errno.ts';
import { PAGE } from '../fs/fileKernel.ts';
import { advance } from './fileKernel.ts';
import { AT, MappedFile, type PageFacts } from './mappedFile.ts';

const KEEP_SIZE = 1;
const PUNCH_HOLE = 2;
const COLLAPSE_RANGE = 8;
const ZERO_RANGE = 16;

const KERNELS = [
  ['devmap', 'ext4'],
  ['devmap', 'xfs'],
  ['refcount', 'ext4'],
  ['refcount', 'xfs'],
] as const;

/** What the recordings of 6.12 and of 7.3 say of one page, in this order. */
function facts(scheme: 'devmap' | 'refcount', old: PageFacts, counted: PageFacts): PageFacts {
  return scheme === 'devmap' ? old : counted;
}

const gone = { devmap: 1, refcount: 0 } as const;

describe.each(KERNELS)('cutting a mapped file under %s, on %s', (scheme, fileSystem) => {
  const FREE: PageFacts = { refcount: gone[scheme], mapcount: 0, owned: false };

  it('to nothing: what was mapped is SIGBUS (fs-truncate-mapped)', () => {
    const kernel = new MappedFile(scheme, fileSystem, 2);
    expect([kernel.store(0, 1), kernel.store(1, 1)]).toEqual([0, 0]);
    expect(kernel.page(0)).toEqual(
      facts(scheme, { refcount: 1, mapcount: 0, owned: true }, { refcount: 1, mapcount: 1, owned: true }),
    );
    expect(kernel.call('sys_ftruncate', kernel.filp, 0)).toBe(0);
    expect([kernel.page(0), kernel.page(1), kernel.rss]).toEqual([FREE, FREE, 0]);
    expect(kernel.load(0)).toBe(SIGNAL_SIGBUS);
    expect(kernel.blocks(kernel.filp, 2)).toEqual([-1, -1]);
    expect(kernel.warnings).toEqual([]);
  });

  it('in half: what is left is faulted in anew, what is cut is a hole later (fs-truncate-partial)', () => {
    const kernel = new MappedFile(scheme, fileSystem, 2);
    for (const index of [0, 1]) kernel.store(index, 1);
    expect(kernel.call('sys_ftruncate', kernel.filp, PAGE)).toBe(0);
    expect(kernel.page(0)).toEqual(
      facts(scheme, { refcount: 1, mapcount: 0, owned: true }, { refcount: 0, mapcount: 0, owned: false }),
    );
    expect([kernel.page(1), kernel.rss]).toEqual([FREE, 0]);
    expect([kernel.load(0), kernel.load(1)]).toEqual([1, SIGNAL_SIGBUS]);
    expect(kernel.page(0).refcount).toBe(1);
    expect(kernel.call('sys_ftruncate', kernel.filp, 4 * PAGE)).toBe(0);
    expect(kernel.page(0).mapcount).toBe(0);
    expect([kernel.load(1), kernel.store(1, 2), kernel.load(1)]).toEqual([0, 0, 2]);
    expect(kernel.warnings).toEqual([]);
  });

  it('by a hole punch: the other page keeps its entry only where entries stay (fs-punch-mapped)', () => {
    const kernel = new MappedFile(scheme, fileSystem, 2);
    for (const index of [0, 1]) kernel.store(index, 1);
    expect(kernel.call('sys_fallocate', kernel.filp, PUNCH_HOLE | KEEP_SIZE, 0, PAGE)).toBe(0);
    expect([kernel.page(0), kernel.page(1)]).toEqual([
      FREE,
      facts(scheme, { refcount: 1, mapcount: 0, owned: true }, { refcount: 0, mapcount: 0, owned: false }),
    ]);
    expect([kernel.load(0), kernel.store(0, 4), kernel.load(0), kernel.load(1)]).toEqual([0, 0, 4, 1]);
    expect(kernel.warnings).toEqual([]);
  });

  it('by zeroing: a hole is read, and then written (fs-zero-range-mapped)', () => {
    const kernel = new MappedFile(scheme, fileSystem, 1);
    kernel.store(0, 1);
    expect(kernel.call('sys_fallocate', kernel.filp, ZERO_RANGE, 0, PAGE)).toBe(0);
    expect([kernel.page(0), kernel.load(0)]).toEqual([FREE, 0]);
    expect(kernel.store(0, 4)).toBe(0);
    expect(kernel.load(0)).toBe(4);
    expect(kernel.warnings).toEqual([]);
  });

  it('by closing a gap: pages move up (fs-collapse-range-mapped)', () => {
    const kernel = new MappedFile(scheme, fileSystem, 2);
    kernel.store(0, 1);
    kernel.store(1, 2);
    expect(kernel.call('sys_fallocate', kernel.filp, COLLAPSE_RANGE, 0, PAGE)).toBe(0);
    expect([kernel.page(0), kernel.page(1)]).toEqual([FREE, FREE]);
    expect(kernel.load(0)).toBe(2);
    expect(kernel.page(1)).toEqual(
      facts(scheme, { refcount: 1, mapcount: 0, owned: true }, { refcount: 1, mapcount: 1, owned: true }),
    );
    expect(kernel.warnings).toEqual([]);
  });
});

describe.each(KERNELS)('pages in use of a file under %s, on %s', (scheme, fileSystem) => {
  it.each([
    ['truncate (fs-truncate-spliced-untouched)', 'sys_ftruncate', [0]],
    ['hole punch (fs-punch-spliced-untouched)', 'sys_fallocate', [PUNCH_HOLE | KEEP_SIZE, 0, PAGE]],
    ['zeroing', 'sys_fallocate', [ZERO_RANGE, 0, PAGE]],
    ['closing of a gap', 'sys_fallocate', [COLLAPSE_RANGE, 0, PAGE]],
  ])('hold up a %s until the pipe is drained', (_what, name, args) => {
    const kernel = new MappedFile(scheme, fileSystem, 2);
    kernel.store(0, 65);
    const pipe = kernel.call('vmsplice', 1, AT, PAGE);
    expect(kernel.page(0).refcount).toBe(2);
    const taking = kernel.thread(1, name, kernel.filp, ...args);
    advance(taking);
    expect(taking.blocked).toBe(true);
    expect(kernel.page(0)).toEqual(
      facts(scheme, { refcount: 2, mapcount: 0, owned: true }, { refcount: 1, mapcount: 0, owned: true }),
    );
    kernel.machine.cpu = 0;
    expect(kernel.call('pipe_drain', pipe, PAGE)).toBe(PAGE);
    advance(taking);
    expect([taking.done, taking.result]).toEqual([true, 0]);
    expect(kernel.page(0)).toEqual({ refcount: gone[scheme], mapcount: 0, owned: false });
    expect(kernel.warnings).toEqual([]);
  });

  it('hold up a truncate while a device writes into them (fs-truncate-odirect)', () => {
    const kernel = new MappedFile(scheme, fileSystem, 1);
    kernel.store(0, 68);
    const request = kernel.call('io_submit_direct', 1, AT, PAGE, 1);
    expect(kernel.page(0).refcount).toBe(1025);
    const cutting = kernel.thread(1, 'sys_ftruncate', kernel.filp, 0);
    advance(cutting);
    expect(cutting.blocked).toBe(true);
    expect(kernel.page(0).refcount).toBe(scheme === 'devmap' ? 1025 : 1024);
    kernel.machine.cpu = 0;
    kernel.call('io_getevents', request);
    advance(cutting);
    expect([cutting.done, kernel.page(0).refcount]).toEqual([true, gone[scheme]]);
    kernel.machine.cpu = 0;
    expect(kernel.load(0)).toBe(SIGNAL_SIGBUS);
  });

  it('hold up a truncate without a mapping only where pins count alone (fs-truncate-spliced-unmapped)', () => {
    const kernel = new MappedFile(scheme, fileSystem, 2);
    kernel.store(0, 65);
    const pipe = kernel.call('vmsplice', 1, AT, PAGE);
    expect(kernel.call('sys_munmap', 1, AT, 2 * PAGE)).toBe(0);
    const cutting = kernel.thread(1, 'sys_ftruncate', kernel.filp, 0);
    advance(cutting);
    expect(cutting.done).toBe(scheme === 'devmap');
    expect(kernel.page(0)).toEqual(
      facts(scheme, { refcount: 2, mapcount: 0, owned: false }, { refcount: 1, mapcount: 0, owned: true }),
    );
    expect(kernel.warnings.length > 0).toBe(scheme === 'devmap');
    kernel.machine.cpu = 0;
    kernel.call('pipe_drain', pipe, PAGE);
    if (!cutting.done) advance(cutting);
    expect([cutting.done, kernel.page(0).refcount]).toEqual([true, gone[scheme]]);
  });

  it('do not keep fsync and write waiting (fs-write-spliced)', () => {
    const kernel = new MappedFile(scheme, fileSystem, 1);
    kernel.store(0, 65);
    kernel.call('vmsplice', 1, AT, PAGE);
    expect(kernel.call('sys_pwrite', kernel.filp, 0, 66)).toBe(0);
    expect(kernel.call('sys_fsync', kernel.filp)).toBe(0);
    expect([kernel.load(0), kernel.page(0).refcount]).toEqual([66, 2]);
  });

  it('fault again through what an interrupted wait has unmapped, while it lasts', () => {
    const kernel = new MappedFile(scheme, fileSystem, 1);
    kernel.store(0, 65);
    const pipe = kernel.call('vmsplice', 1, AT, PAGE);
    const cutting = kernel.thread(1, 'sys_ftruncate', kernel.filp, 0);
    advance(cutting);
    kernel.machine.cpu = 0;
    expect(kernel.load(0)).toBe(65);
    kernel.call('pipe_drain', pipe, PAGE);
    advance(cutting);
    kernel.machine.cpu = 0;
    expect([cutting.done, kernel.load(0)]).toEqual([
      scheme === 'devmap',
      scheme === 'devmap' ? SIGNAL_SIGBUS : 65,
    ]);
  });
});
