import { describe, expect, it } from 'vitest';
import { openKernel } from '../../../src/inspect/index.ts';
import { PLAIN, SyntheticKernel } from '../support/syntheticKernel.ts';

const ADDRESS = 0x6000_0000_0000n;

describe.each([
  { levels: 'four', hasP4d: false, emptyAt: 'pgd' },
  { levels: 'five', hasP4d: true, emptyAt: 'p4d' },
])('processes of a kernel with $levels levels of page tables', ({ hasP4d, emptyAt }) => {
  const synthetic = new SyntheticKernel({ ...PLAIN, hasP4d });
  const tables = synthetic.addProcess(41, { sum: 100n, ofCpus: [3, -2] });
  synthetic.addTask(42);
  const other = synthetic.addProcess(43, { sum: 0n, ofCpus: [0, 0] });
  const kernel = openKernel(synthetic.memory);

  it('have page-table entries of their own', () => {
    tables.map(ADDRESS, 0x12_3000, 'pte', 0x67n);
    other.map(ADDRESS, 0x45_6000, 'pte', 0x25n);
    expect(kernel.process(41)?.entry(ADDRESS)).toMatchObject({
      level: 'pte',
      present: true,
      rw: true,
      pfn: 0x123,
    });
    expect(kernel.process(43)?.entry(ADDRESS)).toMatchObject({
      level: 'pte',
      present: true,
      rw: false,
      pfn: 0x456,
    });
  });

  it('show what changed since they were looked up', () => {
    const process = kernel.process(41);
    tables.setEntry(ADDRESS, 'pte', 0n);
    expect(process?.entry(ADDRESS)).toMatchObject({
      level: 'pte',
      present: false,
      value: 0n,
      pfn: undefined,
    });
  });

  it('have the frames of a range, page by page, whatever levels they are mapped at', () => {
    const ranged = synthetic.addProcess(44, { sum: 0n, ofCpus: [] });
    const start = ADDRESS + 0x3fc0_0000n;
    ranged.map(ADDRESS + 0x3fdf_f000n, 0x7000, 'pte');
    ranged.map(ADDRESS + 0x3fe0_0000n, 0x4000_0000, 'pmd');
    ranged.map(ADDRESS + 0x4000_0000n, 0x8000_0000, 'pud');
    // PROT_NONE: the frame is kept, turned round.
    ranged.setEntry(ADDRESS + 0x3fdf_d000n, 'pte', (~0x9000n & 0xf_ffff_ffff_f000n) | 0x100n);
    const process = kernel.process(44);
    const frames = process?.frames(start, 1600) ?? [];
    const single = Array.from(
      { length: 1600 },
      (_, page) => process?.entry(start + BigInt(page * 4096))?.pfn,
    );
    expect(frames).toEqual(single);
    expect([frames[509], frames[510], frames[511], frames[512], frames[1024]]).toEqual([
      9,
      undefined,
      7,
      0x40000,
      0x80000,
    ]);
    expect(process?.frames(start, 0)).toEqual([]);
  });

  it('have nothing below a table that is not there', () => {
    expect(kernel.process(41)?.entry(0x1000n)).toMatchObject({ level: emptyAt, present: false });
  });

  it('have file pages: those counted together and those of each CPU', () => {
    expect(kernel.process(41)?.filePages()).toBe(101);
  });

  it('are undefined without an address space, and when there is none of the number', () => {
    expect(kernel.process(42)).toBeUndefined();
    expect(kernel.process(0)).toBeUndefined();
    expect(kernel.process(4242)).toBeUndefined();
  });
});

describe('a list of processes', () => {
  it('is gone through once', () => {
    const synthetic = new SyntheticKernel();
    let reads = 0;
    const kernel = openKernel({
      ranges: synthetic.memory.ranges,
      read: (address, length) => {
        reads++;
        return synthetic.memory.read(address, length);
      },
    });
    synthetic.addTask(5);
    const before = reads;
    expect(kernel.process(4242)).toBeUndefined();
    expect(reads - before).toBeLessThan(20);
  });
});

describe('a list of processes that is damaged', () => {
  it('ends where it cannot be read', () => {
    const synthetic = new SyntheticKernel();
    synthetic.addProcess(7, { sum: 0n, ofCpus: [] });
    const kernel = openKernel(synthetic.memory);
    expect(kernel.process(7)).toBeDefined();
    const start = kernel.symbols.find('init_task') ?? 0n;
    const next = kernel.types.member('task_struct', 'tasks.next').offset;
    // The first task's link leads into nothing.
    synthetic.memory.writeU64(4 * 2 ** 20 + Number(start - 0xffffffff_93000000n) + next, 0x1234n);
    expect(kernel.process(7)).toBeUndefined();
  });
});

describe('a kernel that counts file pages in another way', () => {
  it('has its processes without them', () => {
    const synthetic = new SyntheticKernel({
      ...PLAIN,
      types: { tailWord: 'compound_head', without: ['mm_struct.rss_stat'] },
    });
    synthetic.addProcess(41, { sum: 100n, ofCpus: [] });
    expect(openKernel(synthetic.memory).process(41)?.filePages()).toBeUndefined();
  });
});
