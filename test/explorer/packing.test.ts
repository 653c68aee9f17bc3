import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { pack } from '../../explorer/src/packing/pack.ts';
import { type Json, unpack } from '../../explorer/src/packing/packed.ts';
import { kernelFiles } from '../../src/kernel/kernel.gen.ts';

describe('a packed value', () => {
  test.prop([fc.jsonValue({ maxDepth: 5 })])('comes back as it was', (value) => {
    const once = JSON.parse(JSON.stringify(value)) as Json;
    const sent = JSON.parse(JSON.stringify(pack(once)));
    expect(unpack(sent)).toEqual(once);
  });

  test.prop([
    fc.array(
      fc.record({ line: fc.integer(), at: fc.array(fc.nat()), next: fc.maxSafeInteger(), name: fc.string() }),
    ),
  ])('comes back as it was, where many objects have one shape', (value) => {
    expect(unpack(pack(value))).toEqual(value);
  });

  it('is the kernel, in a third of the characters and in the order of its keys', () => {
    const text = JSON.stringify(kernelFiles);
    const packed = JSON.stringify(pack(JSON.parse(text)));
    expect(JSON.stringify(unpack(JSON.parse(packed)))).toBe(text);
    expect(packed.length).toBeLessThan(text.length / 3);
  });

  it('says so where a part of it is missing', () => {
    const packed = pack([1, 2, 'three']);
    expect(() => unpack({ ...packed, columns: packed.columns.slice(0, 1) })).toThrow(/ends too early/);
  });
});
