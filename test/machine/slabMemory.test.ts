import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharedMemory } from '../../src/check/machine/sharedMemory.ts';
import { defineStruct, type Struct } from '../../src/machine/field.ts';
import { SlabMemory } from '../../src/machine/slabMemory.ts';

type Name = 'narrow' | 'wide' | 'other';

const declared = (name: string, dense: boolean): Struct<number, Name> =>
  defineStruct<number, Name>(
    name,
    { doc: 'of no kernel', dense },
    { narrow: { doc: '', initial: -1 }, wide: { doc: '', wide: true }, other: { doc: '', initial: 7 } },
  );

const sparse = declared('test_sparse', false);
const dense = declared('test_dense', true);
const INITIAL: Readonly<Record<Name, number>> = { narrow: -1, wide: 0, other: 7 };

const name = fc.constantFrom<Name>('narrow', 'wide', 'other');
const write = (index: fc.Arbitrary<number>) =>
  fc.record({ index, name, value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) });

describe('a memory', () => {
  it.each([
    ['sparse', sparse, fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 2 ** 45 }))],
    ['dense', dense, fc.nat(300)],
  ] as const)(
    'keeps what was written to each field of each %s object, and no more',
    (_kind, struct, index) => {
      fc.assert(
        fc.property(fc.array(write(index), { maxLength: 60 }), (writes) => {
          const fields = new SlabMemory().of(struct);
          const expected = new Map<string, number>();
          for (const { index: at, name: field, value } of writes) {
            fields[field].set(at, value);
            expected.set(`${field} ${at}`, value);
          }
          for (const { index: at } of writes) {
            for (const [field, initial] of Object.entries(INITIAL) as [Name, number][]) {
              expect(fields[field].get(at)).toBe(expected.get(`${field} ${at}`) ?? initial);
            }
            expect(fields.narrow.get(at + 1)).toBe(expected.get(`narrow ${at + 1}`) ?? -1);
          }
        }),
      );
    },
  );

  it.each([
    ['sparse', sparse],
    ['dense', dense],
  ] as const)('has a wide field of %s objects hold 53 bits, and no other field lose any', (_kind, struct) => {
    const fields = new SlabMemory().of(struct);
    fields.wide.set(3, 2 ** 52 + 1);
    expect(fields.wide.get(3)).toBe(2 ** 52 + 1);
    for (const value of [2 ** 31, -(2 ** 31) - 1, 2 ** 32, 0.5, Number.NaN]) {
      expect(() => fields.narrow.set(3, value)).toThrow(/narrow holds 32 bits and is given/);
    }
    expect(fields.narrow.get(3)).toBe(-1);
  });

  it('of a search refuses what that of a run refuses', () => {
    const fields = new SharedMemory({ regions: {} }).of(sparse);
    fields.wide.set(3, 2 ** 52 + 1);
    expect(fields.wide.get(3)).toBe(2 ** 52 + 1);
    expect(() => fields.narrow.set(3, 2 ** 31)).toThrow('narrow holds 32 bits and is given 2147483648');
  });

  it('forgets objects as if nobody had touched them, and their neighbours not', () => {
    const memory = new SlabMemory();
    const fields = memory.of(sparse);
    for (let index = 0; index < 40; index++) {
      fields.narrow.set(index, index);
      fields.wide.set(index, 2 ** 40 + index);
    }
    memory.forget(sparse, 5, 29);
    for (let index = 0; index < 40; index++) {
      const isForgotten = index >= 5 && index < 29;
      expect(fields.narrow.get(index)).toBe(isForgotten ? -1 : index);
      expect(fields.wide.get(index)).toBe(isForgotten ? 0 : 2 ** 40 + index);
    }
  });
});
