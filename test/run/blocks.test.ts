import { describe, expect, it } from 'vitest';
import { EXTENT_COW, EXTENT_UNWRITTEN } from '../../src/kernel/state/extent.ts';
import { type ExtentRecord, readExtents } from '../../src/kernel/state/extent_table.ts';
import type { Scheme } from '../../src/litmus/index.ts';
import type { TraceEntry } from '../../src/litmus/output/index.ts';
import { type DetailedStep, Execution, type ExecutionOptions } from '../../src/run/index.ts';
import { blockChanges } from '../../src/run/report/blockChanges.ts';
import { programOf } from './support/execute.ts';

function run(
  body: string,
  scheme: Scheme,
  options: ExecutionOptions = {},
): { readonly execution: Execution; readonly operations: readonly DetailedStep[] } {
  const operations: DetailedStep[] = [];
  const program = programOf(`DAX blocks\ndevice d = fsdax(size=1M, fs=xfs)\nprocess P {\n${body}\n}`);
  const onOperation = (operation: DetailedStep): number => operations.push(operation);
  const execution = new Execution(program, scheme, { ...options, onOperation });
  execution.advance(Number.POSITIVE_INFINITY);
  expect(execution.result().error).toBeUndefined();
  return { execution, operations };
}

/** Pages of files that changed: `"a"[0..3] d[0..3] → hole`. */
function blocksOf(changes: TraceEntry['changes']): readonly string[] {
  return Object.entries(changes)
    .filter(([name]) => /^"\w+"\[/.test(name))
    .map(([name, [before, after]]) => `${name} ${before} → ${after}`);
}

/** What the operations changed of blocks, by the beginning of their text; each stands once in the test. */
function blocksBy(body: string, scheme: Scheme): Record<string, readonly string[]> {
  const { operations } = run(body, scheme);
  return Object.fromEntries(
    operations.flatMap(({ step, changes }) => {
      const blocks = blocksOf(changes);
      return blocks.length === 0 ? [] : [[step.text, blocks]];
    }),
  );
}

const SCHEMES = ['devmap', 'refcount'] as const;

describe('blocks that an operation changes', () => {
  // Both file systems take the lowest free blocks: "a" has d[0..3], a copy of one page is made at d[4].
  it.each(SCHEMES)('are told as ranges of the file: %s', (scheme) => {
    const blocks = blocksBy(
      `f = open(d, "a", create, size=16K)
       g = open(d, "b", create)
       reflink(f, g)
       write(g, 4K, 1)
       punch(f, 8K, 4K)
       ftruncate(g, 0)
       ftruncate(f, 4K)`,
      scheme,
    );
    expect(blocks).toEqual({
      'f = open(d, "a", create, size=16K)': ['"a"[0..3] hole → d[0..3]'],
      'reflink(f, g)': ['"b"[0..3] hole → d[0..3]'],
      'write(g, 4K, 1)': ['"b"[1] d[1] → d[4]'],
      'punch(f, 8K, 4K)': ['"a"[2] d[2] → hole'],
      'ftruncate(g, 0)': ['"b"[0] d[0] → hole', '"b"[1] d[4] → hole', '"b"[2..3] d[2..3] → hole'],
      'ftruncate(f, 4K)': ['"a"[1] d[1] → hole', '"a"[3] d[3] → hole'],
    });
  });

  it.each(SCHEMES)(
    'include those that a store finds missing, or allocated and never written: %s',
    (scheme) => {
      const blocks = blocksBy(
        `f = open(d, "a", create)
       ftruncate(f, 8K)
       fallocate(f, allocate, 4K, 4K)
       m = mmap(f, length=8K, prot=rw)
       store(m, 0, 1)
       store(m, 4K, 1)`,
        scheme,
      );
      expect(blocks).toEqual({
        'fallocate(f, allocate, 4K, 4K)': ['"a"[1] hole → d[0] unwritten'],
        'store(m, 0, 1)': ['"a"[0] hole → d[1]'],
        'store(m, 4K, 1)': ['"a"[1] d[0] unwritten → d[0]'],
      });
    },
  );

  it('go with a file that has lost its name, and with what a power loss takes away', () => {
    const blocks = blocksBy(
      `f = open(d, "a", create, size=8K)
       g = open(d, "b", create, size=4K)
       fsync(f)
       write(f, 8K, 1)
       unlink(d, "b")
       close(g)
       crash()`,
      'refcount',
    );
    expect(blocks['close(g)']).toEqual(['"b"[0] d[2] → hole']);
    expect(blocks['crash()']).toEqual(['"a"[2] d[3] → hole']);
  });

  it('are counted out where a file lies in many pieces', () => {
    const punches = Array.from({ length: 40 }, (_, page) => `punch(f, ${page * 8}K, 4K)`).join('\n');
    const { operations } = run(
      `f = open(d, "a", create, size=320K)\n${punches}\nftruncate(f, 0)`,
      'refcount',
    );
    const last = operations.at(-1);
    expect(blocksOf(last?.changes ?? {})).toHaveLength(24);
    expect(last?.isCut).toBe(true);
    expect(operations[0]?.isCut).toBe(false);
  });

  it.each(SCHEMES)('add up to what the files have, whoever comes in between: %s', (scheme) => {
    const body = `f = open(d, "a", create, size=8K)
      g = open(d, "b", create, size=8K)
      thread A { ftruncate(f, 0) write(f, 4K, 1) punch(f, 4K, 4K) }
      thread B { write(g, 8K, 1) ftruncate(g, 4K) }
      thread C { reflink(g, f) write(f, 0, 2) }`;
    for (let seed = 0; seed < 30; seed++) {
      const { execution, operations } = run(body, scheme, { seed });
      const files = new Map<string, string>();
      for (const { changes } of operations) apply(changes, files, `seed ${seed}`);
      expect([...files].sort(), `seed ${seed}`).toEqual(pagesOf(readExtents(execution.parts.memory)).sort());
    }
  });
});

/** Lets changes happen to files whose pages are known by name; a hole has none. */
function apply(changes: TraceEntry['changes'], files: Map<string, string>, where: string): void {
  for (const [name, [before, after]] of Object.entries(changes)) {
    const [, file = '', first = '', last = first] = /^("\w+")\[(\d+)(?:\.\.(\d+))?\]$/.exec(name) ?? [];
    if (file === '') continue;
    for (let page = Number(first); page <= Number(last); page++) {
      const key = `${file}[${page}]`;
      expect(files.get(key) ?? 'hole', `${where}: ${name}`).toBe(blockAt(`${before}`, page - Number(first)));
      const block = blockAt(`${after}`, page - Number(first));
      if (block === 'hole') files.delete(key);
      else files.set(key, block);
    }
  }
}

/** Page `within` of `d[3..5] unwritten`: `d[4] unwritten`. */
function blockAt(blocks: string, within: number): string {
  return blocks.replace(/\[(\d+)(?:\.\.\d+)?\]/, (_, first: string) => `[${Number(first) + within}]`);
}

/** The files of the test above are the first two inodes, in the order in which they were made. */
function pagesOf(extents: readonly ExtentRecord[]): [string, string][] {
  const first = Math.min(...extents.map(({ inode }) => inode));
  return extents.flatMap(({ inode, file_block, length, block, flags }) =>
    Array.from({ length }, (_, page): [string, string] => [
      `${inode === first ? '"a"' : '"b"'}[${file_block + page}]`,
      `d[${block + page}]${(flags & EXTENT_UNWRITTEN) === 0 ? '' : ' unwritten'}`,
    ]),
  );
}

describe('changes between two tables of extents', () => {
  const extent = (
    inode: number,
    file_block: number,
    length: number,
    block: number,
    flags = 0,
  ): ExtentRecord => ({
    inode,
    file_block,
    length,
    block,
    flags,
  });

  it('are none between equal tables, however they are cut', () => {
    expect(blockChanges([extent(9, 0, 4, 7)], [extent(9, 0, 1, 7), extent(9, 1, 3, 8)])).toEqual([]);
  });

  it('are one run where both sides go on', () => {
    const changes = blockChanges([extent(9, 0, 2, 7), extent(9, 2, 2, 9)], [extent(9, 0, 4, 20)]);
    expect(changes).toEqual([
      {
        file: 9,
        isCopy: false,
        first: 0,
        length: 4,
        before: { block: 7, unwritten: false },
        after: { block: 20, unwritten: false },
      },
    ]);
  });

  it('tell a copy under way from the file, and blocks that were never written from those that were', () => {
    const changes = blockChanges(
      [extent(9, 0, 2, 7, EXTENT_UNWRITTEN)],
      [extent(9, 0, 1, 7), extent(9, 1, 1, 8, EXTENT_UNWRITTEN), extent(9, 0, 1, 30, EXTENT_COW)],
    );
    expect(changes.map(({ isCopy, first, length }) => [isCopy, first, length])).toEqual([
      [false, 0, 1],
      [true, 0, 1],
    ]);
  });
});
