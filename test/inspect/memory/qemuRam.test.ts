import { describe, expect, it } from 'vitest';
import { type ByteSource, qemuRam } from '../../../src/inspect/index.ts';

const GIB = 2 ** 30;

/** A source of which only the positions that are asked for matter. */
function recorder(): ByteSource & { readonly positions: number[] } {
  const positions: number[] = [];
  return {
    positions,
    read: (position, length) => {
      positions.push(Number(position));
      return new Uint8Array(length);
    },
  };
}

describe('the memory of a QEMU guest', () => {
  it.each([
    ['q35', 2 * GIB],
    ['q35', 2.5 * GIB],
    ['pc', 3 * GIB],
  ] as const)('of %s with %i bytes is in one piece', (machine, size) => {
    expect(qemuRam(recorder(), machine, size).ranges).toEqual([{ start: 0, length: size }]);
  });

  it.each([
    ['q35', 3 * GIB, 2 * GIB],
    ['q35', 8 * GIB, 2 * GIB],
    ['pc', 4 * GIB, 3 * GIB],
  ] as const)('of %s with %i bytes goes on at 4 GiB after %i', (machine, size, low) => {
    const source = recorder();
    const memory = qemuRam(source, machine, size);
    expect(memory.ranges).toEqual([
      { start: 0, length: low },
      { start: 4 * GIB, length: size - low },
    ]);
    memory.read(4 * GIB + 0x5000, 8);
    expect(source.positions).toEqual([low + 0x5000]);
    expect(memory.read(low, 1)).toBeUndefined();
    expect(memory.read(4 * GIB + size - low, 1)).toBeUndefined();
  });

  it.each([0, -4096, 0.5, Number.NaN])('of %d bytes is refused', (size) => {
    expect(() => qemuRam(recorder(), 'q35', size)).toThrow('positive number of bytes');
  });
});
