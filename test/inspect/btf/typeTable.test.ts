import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { InspectError, kernelTypes, parseBtf } from '../../../src/inspect/index.ts';
import { BtfBuilder } from '../support/btfBuilder.ts';
import { u32 } from '../support/sparseMemory.ts';

/** One struct behind a type of every other kind. */
function everyKind(): BtfBuilder {
  const btf = new BtfBuilder();
  const int = btf.int('int', 4);
  btf.pointer(int);
  btf.array(int, 3);
  btf.struct('u', 4, [{ name: 'a', type: int, bitOffset: 0 }], 'union');
  btf.enumeration('e', { ONE: 1 });
  btf.enumeration64('wide', { TWO: 2 });
  btf.typedef('t', int);
  for (const kind of [7, 9, 10, 11, 12, 16, 18]) btf.other(kind, int);
  btf.other(14, int, u32(1)); // variable
  btf.other(17, int, u32(0)); // declaration tag
  btf.struct('last', 8, [{ name: 'member', type: int, bitOffset: 32 }]);
  return btf;
}

describe('BTF', () => {
  it('is read past types of every kind', () => {
    expect(kernelTypes(parseBtf(everyKind().bytes())).member('last', 'member').offset).toBe(4);
  });

  it('may have a longer header than is known', () => {
    expect(kernelTypes(parseBtf(everyKind().bytes(40))).member('last', 'member').offset).toBe(4);
  });

  it('may be followed by other bytes', () => {
    const bytes = Uint8Array.from([...everyKind().bytes(), 1, 2, 3]);
    expect(kernelTypes(parseBtf(bytes)).sizeOf('last')).toBe(8);
  });

  it.each([
    ['no magic number', 0, 'no BTF'],
    ['another version', 2, 'no BTF'],
    ['a header that is too short', 4, 'no BTF'],
  ])('with %s is refused', (_, at, reason) => {
    const bytes = everyKind().bytes();
    bytes[at] = 7;
    expect(() => parseBtf(bytes)).toThrow(reason);
  });

  it('that is cut off is refused, wherever', () => {
    const bytes = everyKind().bytes();
    for (const length of [0, 10, 23, 24, 100, bytes.length - 1]) {
      expect(() => parseBtf(bytes.subarray(0, length))).toThrow(InspectError);
    }
  });

  it('whose last type is cut off is refused', () => {
    const bytes = everyKind().bytes();
    const types = new DataView(bytes.buffer).getUint32(12, true);
    bytes.set(u32(types - 4), 12);
    expect(() => parseBtf(bytes)).toThrow('ends within a type');
  });

  it('with a kind of type that is not known names the kind', () => {
    const btf = everyKind();
    btf.other(27, 0);
    expect(() => parseBtf(btf.bytes())).toThrow('kind 27');
  });

  test.prop([fc.array(fc.tuple(fc.nat({ max: 600 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 })])(
    'with wrong bytes is read or refused, and nothing else',
    (wrong) => {
      const bytes = everyKind().bytes();
      for (const [at, byte] of wrong) bytes[at % bytes.length] = byte;
      try {
        const types = kernelTypes(parseBtf(bytes));
        types.member('last', 'member');
        types.constant('TWO');
      } catch (error) {
        expect(error).toBeInstanceOf(InspectError);
      }
    },
  );
});
