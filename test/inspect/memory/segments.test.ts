import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { bytesAsSource, type MemorySegment, segmentedMemory } from '../../../src/inspect/index.ts';

/** A file of 256 bytes, each its own position. */
const FILE = bytesAsSource(Uint8Array.from({ length: 256 }, (_, position) => position));

const segment = fc.record({
  physicalAddress: fc.integer({ min: 0, max: 300 }),
  fileOffset: fc.integer({ min: 0, max: 255 }),
  bytes: fc.integer({ min: 1, max: 80 }),
});

describe('memory in segments of a file', () => {
  const memory = segmentedMemory(FILE, [
    { physicalAddress: 0x2000, fileOffset: 100n, bytes: 50 },
    { physicalAddress: 0x1000, fileOffset: 10, bytes: 20 },
    { physicalAddress: 0x1014, fileOffset: 200, bytes: 5 },
  ]);

  it('is read where the file keeps it', () => {
    expect(memory.read(0x1001, 3)).toEqual(Uint8Array.of(11, 12, 13));
    expect(memory.read(0x2031, 1)).toEqual(Uint8Array.of(149));
  });

  it('is read on into the next segment where they touch', () => {
    expect(memory.read(0x1012, 4)).toEqual(Uint8Array.of(28, 29, 200, 201));
  });

  it.each([
    [0x0fff, 1],
    [0x0fff, 2],
    [0x1018, 2],
    [0x1fff, 2],
    [0x2031, 2],
    [2 ** 51, 8],
  ])('is undefined at %i for %i bytes, since not all of them are there', (address, length) => {
    expect(memory.read(address, length)).toBeUndefined();
  });

  it('is undefined where the file ends too early', () => {
    expect(
      segmentedMemory(FILE, [{ physicalAddress: 0, fileOffset: 250, bytes: 10 }]).read(0, 7),
    ).toBeUndefined();
  });

  it('has no segment twice that lies within another', () => {
    const doubled = segmentedMemory(FILE, [
      { physicalAddress: 0, fileOffset: 0, bytes: 50 },
      { physicalAddress: 10, fileOffset: 10, bytes: 20 },
    ]);
    expect(doubled.ranges).toEqual([{ start: 0, length: 50 }]);
    expect(doubled.read(25, 20)).toEqual(Uint8Array.from({ length: 20 }, (_, index) => 25 + index));
  });

  it('tells its ranges in order', () => {
    expect(memory.ranges).toEqual([
      { start: 0x1000, length: 20 },
      { start: 0x1014, length: 5 },
      { start: 0x2000, length: 50 },
    ]);
  });

  test.prop([
    fc.array(segment, { maxLength: 6 }),
    fc.integer({ min: 0, max: 400 }),
    fc.integer({ min: 1, max: 60 }),
  ])(
    'has every byte that a segment has, and no other, even where segments overlap',
    (segments, address, length) => {
      const read = segmentedMemory(FILE, segments).read(address, length);
      const holders = (at: number): MemorySegment[] =>
        segments.filter(
          ({ physicalAddress, bytes, fileOffset }) =>
            at >= physicalAddress && at < physicalAddress + bytes && fileOffset + at - physicalAddress < 256,
        );
      const addresses = Array.from({ length }, (_, index) => address + index);
      const fitsFile = segments.every(({ fileOffset, bytes }) => fileOffset + bytes <= 256);
      if (fitsFile) expect(read !== undefined).toBe(addresses.every((at) => holders(at).length > 0));
      for (const [index, byte] of (read ?? []).entries()) {
        const at = address + index;
        expect(holders(at).map((s) => Number(s.fileOffset) + at - s.physicalAddress)).toContain(byte);
      }
    },
  );
});
