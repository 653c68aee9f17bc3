import { describe, expect, it } from 'vitest';
import { ThreadCalls } from '../../../../src/lab/agent/threadCalls.ts';
import { awaitInactivation } from '../../../../src/lab/execute/files/inactivation.ts';

const OPENAT = 257;
const CLOSE = 3;
const IOCTL = 16;
const DESCRIPTOR = 5;

/** A thread in whose kernel folders can be opened or not, and what that was asked: the request's number, and its bytes. */
function threadWith(
  opened: number,
  answer = 0,
): {
  calls: ThreadCalls;
  asked: [number, Uint8Array][];
  open: Set<number>;
} {
  const memory = new Map<number, number>();
  const asked: [number, Uint8Array][] = [];
  const open = new Set<number>();
  const calls = new ThreadCalls(0, async (operation, ...args) => {
    const [first = 0, second = 0, third = 0, fourth = 0] = args.map(Number);
    if (operation === 'zero') for (let at = 0; at < second; at++) memory.set(first + at, 0);
    if (operation === 'set') {
      for (let at = 0; at < third; at++) memory.set(first + at, Math.floor(second / 256 ** at) % 256);
    }
    if (operation !== 'syscall') return 0;
    if (first === OPENAT && opened >= 0) open.add(opened);
    if (first === CLOSE) open.delete(second);
    if (first === IOCTL)
      asked.push([third, Uint8Array.from({ length: 128 }, (_, at) => memory.get(fourth + at) ?? 255)]);
    if (first === OPENAT) return opened;
    return first === IOCTL ? answer : 0;
  });
  return { calls, asked, open };
}

describe('waiting for what XFS does after a file is gone', () => {
  it('asks for no file that is there, and waits for those that are not', async () => {
    const { calls, asked, open } = threadWith(DESCRIPTOR);
    await awaitInactivation(calls, '/dax0');
    const [[request, bytes] = [0, new Uint8Array(128)], ...more] = asked;
    expect(more).toEqual([]);
    // _IOR('X', 58, struct of 128 bytes)
    expect(request).toBe(((2 << 30) | (128 << 16) | ('X'.charCodeAt(0) << 8) | 58) >>> 0);
    const fields = new DataView(bytes.buffer);
    expect(fields.getUint32(0, true)).toBe(1);
    expect(fields.getUint32(4, true)).toBe(1 << 4);
    expect(fields.getBigUint64(24, true)).toBe(1n << 52n);
    // Owners, and what must be zero.
    expect([...bytes.slice(8, 24), ...bytes.slice(32)].every((byte) => byte === 0)).toBe(true);
    expect([...open]).toEqual([]);
  });

  it('is over where the file system is shut down or none is mounted', async () => {
    const shutDown = threadWith(-5);
    await awaitInactivation(shutDown.calls, '/dax0');
    expect(shutDown.asked).toEqual([]);
    const unmounted = threadWith(DESCRIPTOR, -25);
    await awaitInactivation(unmounted.calls, '/dax0');
    expect([...unmounted.open]).toEqual([]);
  });

  it.each([-1, -22])('is no success where the kernel refuses it (%i)', async (errno) => {
    const { calls, open } = threadWith(DESCRIPTOR, errno);
    await expect(awaitInactivation(calls, '/dax0')).rejects.toThrow(
      `the guest cannot wait for what xfs at /dax0 has put off (${errno})`,
    );
    expect([...open]).toEqual([]);
  });
});
