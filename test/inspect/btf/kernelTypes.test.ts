import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type KernelTypes, kernelTypes, parseBtf } from '../../../src/inspect/index.ts';
import { BtfBuilder, type BuiltMember } from '../support/btfBuilder.ts';

function typesOf(build: (btf: BtfBuilder) => void): KernelTypes {
  const btf = new BtfBuilder();
  build(btf);
  return kernelTypes(parseBtf(btf.bytes()));
}

/** A struct as the test means it: members that are numbers, or structs and unions, named or not. */
interface Shape {
  readonly name: string;
  readonly at: number;
  readonly within: readonly Shape[];
}

const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.record({
    name: fc.constantFrom('', 'named'),
    at: fc.nat({ max: 500 }),
    within: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie('shape'), { maxLength: 4 })),
  }),
}));

/** Adds the struct; every leaf gets a name that no other has, and what leads to it is noted. */
function addStruct(btf: BtfBuilder, int: number, top: Shape): Map<string, number> {
  const leaves = new Map<string, number>();
  let count = 0;
  const add = (each: Shape, path: readonly string[], offset: number, structName = ''): number => {
    const members: BuiltMember[] = each.within.map((member) => {
      const name = member.within.length === 0 || member.name !== '' ? `${member.name}m${count++}` : '';
      const place = offset + member.at;
      const names = name === '' ? path : [...path, name];
      if (member.within.length === 0) leaves.set(names.join('.'), place);
      const type = member.within.length === 0 ? int : add(member, names, place);
      return { name, type, bitOffset: member.at * 8 };
    });
    return btf.struct(structName, 4096, members, each.at % 2 ? 'union' : 'struct');
  };
  add({ ...top, at: 0 }, [], 0, 'top');
  return leaves;
}

describe('a member of a struct', () => {
  test.prop([fc.array(shape, { minLength: 1, maxLength: 4 })])(
    'is found at its offset, however deep it lies in named and unnamed structs and unions',
    (within) => {
      let leaves = new Map<string, number>();
      const types = typesOf((btf) => {
        const int = btf.int('int', 4);
        leaves = addStruct(btf, int, { name: '', at: 0, within });
      });
      for (const [path, offset] of leaves) {
        expect(types.member('top', path)).toMatchObject({ offset, size: 4 });
      }
      expect(types.findMember('top', 'absent')).toBeUndefined();
    },
  );

  it('has the size of its type: of pointers, arrays, and what typedefs and qualifiers stand for', () => {
    const types = typesOf((btf) => {
      const int = btf.int('int', 4);
      const qualified = btf.other(10, btf.other(9, btf.typedef('pid_t', int)));
      btf.struct('s', 100, [
        { name: 'pointer', type: btf.pointer(int), bitOffset: 0 },
        { name: 'array', type: btf.array(btf.array(int, 3), 5), bitOffset: 64 },
        { name: 'qualified', type: qualified, bitOffset: 640 },
      ]);
    });
    expect(types.member('s', 'pointer').size).toBe(8);
    expect(types.member('s', 'array').size).toBe(60);
    expect(types.member('s', 'qualified').size).toBe(4);
    expect(types.sizeOf('s')).toBe(100);
  });

  it('that is a bit field has its bits', () => {
    const types = typesOf((btf) => {
      const int = btf.int('unsigned int', 4);
      btf.struct('s', 8, [
        { name: 'whole', type: int, bitOffset: 0, bitWidth: 0 },
        { name: 'narrow', type: int, bitOffset: 37, bitWidth: 3 },
      ]);
    });
    expect(types.member('s', 'whole')).toMatchObject({ offset: 0 });
    expect(types.member('s', 'whole').bits).toBeUndefined();
    expect(types.member('s', 'narrow')).toMatchObject({ offset: 4, bits: { offset: 37, width: 3 } });
  });

  it('that is missing is an error that names struct and member', () => {
    const types = typesOf((btf) =>
      btf.struct('page', 4, [{ name: 'a', type: btf.int('int', 4), bitOffset: 0 }]),
    );
    expect(() => types.member('page', '_refcount')).toThrow(
      'struct page of this kernel has no member _refcount',
    );
    expect(() => types.member('page', 'a.b')).toThrow('no member a.b');
    expect(() => types.member('folio', 'a')).toThrow('no struct folio');
    expect(() => types.findMember('folio', 'a')).toThrow('no struct folio');
  });

  it('is looked for in the struct, not in an announcement of it', () => {
    const types = typesOf((btf) => {
      btf.struct('page', 0, []);
      btf.struct('page', 4, [{ name: 'a', type: btf.int('int', 4), bitOffset: 0 }]);
    });
    expect(types.member('page', 'a').offset).toBe(0);
  });
});

describe('types that go round in circles', () => {
  it('are refused', () => {
    const types = typesOf((btf) => {
      btf.typedef('endless', 1);
      btf.struct('s', 4, [{ name: 'a', type: 1, bitOffset: 0 }]);
      btf.struct('hollow', 4, [{ name: '', type: 3, bitOffset: 0 }]);
      btf.array(4, 2);
      btf.struct('nest', 4, [{ name: 'a', type: 4, bitOffset: 0 }]);
    });
    expect(() => types.member('s', 'a')).toThrow('refers to itself');
    expect(() => types.member('hollow', 'a')).toThrow('no member a');
    expect(() => types.member('nest', 'a')).toThrow('holds itself');
  });
});

describe('enums', () => {
  const types = typesOf((btf) => {
    btf.enumeration('pageflags', { PG_locked: 0, PG_head: 6, PG_alias: 6 });
    btf.enumeration('', { MM_FILEPAGES: 0, MM_ANONPAGES: 1 });
    btf.enumeration('signed', { BELOW: -2 });
    btf.enumeration64('wide', { WIDE: 5 });
  });

  it('give their names and values in order', () => {
    expect(types.enumerators('pageflags')).toEqual([
      { name: 'PG_locked', value: 0 },
      { name: 'PG_head', value: 6 },
      { name: 'PG_alias', value: 6 },
    ]);
    expect(types.enumerators('absent')).toBeUndefined();
  });

  it('have constants that are found without the name of the enum', () => {
    expect(types.constant('MM_ANONPAGES')).toBe(1);
    expect(types.constant('BELOW')).toBe(-2);
    expect(types.constant('WIDE')).toBe(5);
    expect(types.constant('ABSENT')).toBeUndefined();
  });
});
