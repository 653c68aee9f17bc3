import { describe, expect, it } from 'vitest';
import { ThreadCalls } from '../../../../src/lab/agent/threadCalls.ts';
import { extentsOf } from '../../../../src/lab/execute/files/extents.ts';

const OPENAT = 257;
const CLOSE = 3;
const IOCTL = 16;
const FIEMAP = 0xc020660b;

/** An extent as a file system tells it, in bytes. */
interface Told {
  readonly logical: number;
  readonly physical: number;
  readonly length: number;
}

/** A thread in whose kernel there is one file, whose extents are told at most `atOnce` at a time. */
function threadWith(file: readonly Told[], atOnce: number): { calls: ThreadCalls; open: Set<number> } {
  const memory = new Map<number, number>();
  const open = new Set<number>();
  const fiemap = (address: number): number => {
    const start = memory.get(address) ?? 0;
    const room = memory.get(address + 24) ?? 0;
    const rest = file.filter(({ logical, length }) => logical + length > start);
    const told = rest.slice(0, Math.min(room, atOnce));
    memory.set(address + 20, told.length);
    told.forEach(({ logical, physical, length }, index) => {
      const at = address + 32 + index * 56;
      memory.set(at, logical);
      memory.set(at + 8, physical);
      memory.set(at + 16, length);
      memory.set(at + 40, index === rest.length - 1 ? 0x801 : 0x800);
    });
    return 0;
  };
  const calls = new ThreadCalls(0, async (operation, ...args) => {
    const [first = 0, second = 0, third = 0, fourth = 0] = args.map(Number);
    if (operation === 'set') memory.set(first, second);
    if (operation === 'get') return memory.get(first) ?? 0;
    if (operation !== 'syscall') return 0;
    if (first === OPENAT) {
      open.add(5);
      return file.length === 0 ? -2 : 5;
    }
    if (first === CLOSE) open.delete(second);
    return first === IOCTL && third === FIEMAP ? fiemap(fourth) : 0;
  });
  return { calls, open };
}

describe('the extents of a file', () => {
  const file = [
    { logical: 0, physical: 40960, length: 8192 },
    { logical: 16384, physical: 4096, length: 4096 },
    { logical: 20480, physical: 81920, length: 12288 },
  ];
  const known = [
    { filePage: 0, devicePage: 10, pages: 2 },
    { filePage: 4, devicePage: 1, pages: 1 },
    { filePage: 5, devicePage: 20, pages: 3 },
  ];

  it.each([1, 2, 3, 32])('are all found where the kernel tells %i at once', async (atOnce) => {
    const { calls, open } = threadWith(file, atOnce);
    expect(await extentsOf(calls, '/dax0/test/data')).toEqual(known);
    expect([...open]).toEqual([]);
  });

  it('are unknown of a file that is not there', async () => {
    expect(await extentsOf(threadWith([], 1).calls, '/dax0/test/data')).toBeNull();
  });
});
