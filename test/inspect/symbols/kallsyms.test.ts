import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { InspectError, type VirtualMemory } from '../../../src/inspect/index.ts';
import { readKallsyms } from '../../../src/inspect/symbols/kallsyms.ts';
import { parseVmcoreinfo, type Vmcoreinfo } from '../../../src/inspect/vmcoreinfo/vmcoreinfo.ts';
import { type AddressForm, type BuiltSymbol, buildKallsyms } from '../support/kallsymsBuilder.ts';
import { SparseMemory, u32, u64 } from '../support/sparseMemory.ts';

const BASE = 0xffffffff_81000000n;
const SWAPPER = { name: 'swapper_pg_dir', address: BASE + 0x123_4000n };
const PARTS = ['num_syms', 'names', 'token_table', 'token_index', 'offsets', 'relative_base'] as const;
const PART_SIZE = 0x8000;

interface Table {
  readonly memory: VirtualMemory & { readonly physical: SparseMemory };
  readonly vmcoreinfo: Vmcoreinfo;
}

function table(symbols: readonly BuiltSymbol[], form: AddressForm = 'from a base'): Table {
  const physical = new SparseMemory(PARTS.length * PART_SIZE);
  const placeOf = (part: (typeof PARTS)[number]): bigint => BASE + BigInt(PARTS.indexOf(part) * PART_SIZE);
  const built = buildKallsyms(symbols, form, BASE);
  const contents = {
    num_syms: u32(symbols.length),
    names: built.names,
    token_table: built.tokenTable,
    token_index: built.tokenIndex,
    offsets: built.offsets(placeOf('offsets')),
    relative_base: u64(BASE),
  };
  for (const part of PARTS) physical.write(Number(placeOf(part) - BASE), contents[part]);
  const told = form === 'from each offset' ? PARTS.slice(0, -1) : PARTS;
  const vmcoreinfo = parseVmcoreinfo(
    [
      'OSRELEASE=made-up',
      `SYMBOL(swapper_pg_dir)=${SWAPPER.address.toString(16)}`,
      ...told.map((part) => `SYMBOL(kallsyms_${part})=${placeOf(part).toString(16)}`),
    ].join('\n'),
  );
  if (vmcoreinfo === undefined) throw new Error('the test wrote no VMCOREINFO');
  const read = (address: bigint, length: number) => physical.read(Number(address - BASE), length);
  return { memory: { read, physical }, vmcoreinfo };
}

const FORMS: readonly AddressForm[] = ['from each offset', 'from a base', 'from a base, negative'];

const symbol = fc.record({
  name: fc.stringMatching(/^[a-z_][a-zA-Z0-9_.]{0,140}$/),
  address: fc.integer({ min: 0, max: 0x2000_0000 }).map((offset) => BASE + BigInt(offset)),
  letter: fc.constantFrom('T', 't', 'D', 'b', 'A'),
});

describe.each(FORMS)('symbols whose addresses are kept %s', (form) => {
  test.prop([fc.uniqueArray(symbol, { selector: ({ name }) => name, maxLength: 30 }), fc.nat({ max: 30 })])(
    'are found by name, all of them, and no other',
    (others, at) => {
      const symbols = others.filter(({ name }) => name !== SWAPPER.name);
      symbols.splice(at % (symbols.length + 1), 0, { ...SWAPPER, letter: 'D' });
      const { memory, vmcoreinfo } = table(symbols, form);
      const found = readKallsyms(memory, vmcoreinfo);
      for (const { name, address } of symbols) expect(found.find(name)).toBe(address);
      expect(found.find('NO_such_symbol')).toBeUndefined();
      expect(found.find('swapper_pg')).toBeUndefined();
      expect(found.find('')).toBeUndefined();
    },
  );
});

describe('a table of symbols', () => {
  it('with two symbols of a name gives the first', () => {
    const twice = [1n, 2n].map((offset) => ({ name: 'twice', address: BASE + offset }));
    const { memory, vmcoreinfo } = table([SWAPPER, ...twice]);
    expect(readKallsyms(memory, vmcoreinfo).find('twice')).toBe(BASE + 1n);
  });

  it('keeps per-CPU addresses as they are where it keeps others negative', () => {
    const { memory, vmcoreinfo } = table(
      [SWAPPER, { name: 'cpu_number', address: BASE }],
      'from a base, negative',
    );
    memory.physical.writeU32(PARTS.indexOf('offsets') * PART_SIZE + 4, 0x1_8040);
    expect(readKallsyms(memory, vmcoreinfo).find('cpu_number')).toBe(0x1_8040n);
  });

  it('that has no symbol whose address is known cannot be trusted', () => {
    const { memory, vmcoreinfo } = table([{ name: 'other', address: BASE }]);
    expect(() => readKallsyms(memory, vmcoreinfo)).toThrow('in a form that is not known');
  });

  it.each([0, 0xffff_ffff])('that claims to have %i symbols is damaged', (count) => {
    const { memory, vmcoreinfo } = table([SWAPPER]);
    memory.physical.writeU32(0, count);
    expect(() => readKallsyms(memory, vmcoreinfo)).toThrow(`kallsyms_num_syms is ${count}`);
  });

  it('that is not in memory is told so', () => {
    const { vmcoreinfo } = table([SWAPPER]);
    expect(() => readKallsyms({ read: () => undefined }, vmcoreinfo)).toThrow('kallsyms_num_syms is not in');
  });

  test.prop([
    fc.array(fc.tuple(fc.nat({ max: PARTS.length * PART_SIZE - 1 }), fc.nat({ max: 255 })), {
      maxLength: 40,
    }),
  ])('with wrong bytes is read or refused, and nothing else', (wrong) => {
    const { memory, vmcoreinfo } = table([SWAPPER, { name: 'other', address: BASE }]);
    for (const [at, byte] of wrong) memory.physical.write(at, [byte]);
    try {
      readKallsyms(memory, vmcoreinfo).find('other');
    } catch (error) {
      expect(error).toBeInstanceOf(InspectError);
    }
  });
});
