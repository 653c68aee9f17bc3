import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Level } from '../../../src/inspect/index.ts';
import { decodeEntry } from '../../../src/inspect/pageTables/entry.ts';
import { mappedMemory } from '../../../src/inspect/pageTables/mappedMemory.ts';
import { type PageTables, walkPageTables } from '../../../src/inspect/pageTables/walk.ts';
import { PageTableBuilder } from '../support/pageTableBuilder.ts';
import { SparseMemory } from '../support/sparseMemory.ts';

const PAGE_SIZES = { pte: 2 ** 12, pmd: 2 ** 21, pud: 2 ** 30 } as const;
const MEMORY_SIZE = 2 ** 33;
const TABLES = 2 ** 32;

function makeTables(hasP4d: boolean): {
  memory: SparseMemory;
  builder: PageTableBuilder;
  tables: PageTables;
} {
  const memory = new SparseMemory(MEMORY_SIZE);
  let next = TABLES;
  const builder = new PageTableBuilder(memory, () => (next += 4096), hasP4d);
  return { memory, builder, tables: { root: builder.root, hasP4d, encryptionMask: 0n } };
}

/** A canonical address, in either half. */
const address = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 2n ** 47n - 1n }))
  .map(([upper, offset]) => (upper ? 0xffff_8000_0000_0000n | offset : offset));

describe.each([{ hasP4d: false }, { hasP4d: true }])('page tables, five levels: $hasP4d', ({ hasP4d }) => {
  test.prop([address, fc.constantFrom('pte', 'pmd', 'pud'), fc.nat({ max: 2 ** 31 })])(
    'map an address to its page, of any size, and the offset within it',
    (virtual, level, somewhere) => {
      const { memory, builder, tables } = makeTables(hasP4d);
      const size = PAGE_SIZES[level];
      const physical = somewhere - (somewhere % size);
      builder.map(virtual, physical, level);
      const offset = Number(virtual & BigInt(size - 1));
      expect(mappedMemory(memory, tables).physicalOf(virtual)).toBe(physical + offset);
      const walked = walkPageTables(memory, tables, virtual);
      expect(walked?.level).toBe(level);
      expect(walked && decodeEntry(walked, virtual)).toMatchObject({
        present: true,
        huge: level !== 'pte',
        pfn: Math.floor((physical + offset) / 4096),
      });
    },
  );

  test.prop([address, address])('map nothing but what was mapped', (mapped, other) => {
    const { memory, builder, tables } = makeTables(hasP4d);
    builder.map(mapped, 0x5000);
    const isSame = mapped >> 12n === other >> 12n;
    expect(mappedMemory(memory, tables).physicalOf(other) !== undefined).toBe(isSame);
  });

  test.prop([
    fc.array(fc.nat({ max: 63 }), { minLength: 2, maxLength: 4 }),
    fc.nat({ max: 4095 }),
    fc.nat({ max: 20000 }),
  ])('are read across pages that lie anywhere', (frames, start, wanted) => {
    const { memory, builder, tables } = makeTables(hasP4d);
    const base = 0xffff_c900_0000_0000n;
    frames.forEach((frame, index) => {
      memory.write(frame * 4096, [frame, frame + 100]);
      builder.map(base + BigInt(index * 4096), frame * 4096);
    });
    const length = Math.min(wanted, frames.length * 4096 - start);
    const bytes = mappedMemory(memory, tables).read(base + BigInt(start), length);
    const all = frames.flatMap((frame) => [...(memory.read(frame * 4096, 4096) ?? [])]);
    const expected = Uint8Array.from(all.slice(start, start + length));
    expect(bytes && Buffer.compare(bytes, expected)).toBe(0);
    expect(
      mappedMemory(memory, tables).read(base + BigInt(start), frames.length * 4096 - start + 1),
    ).toBeUndefined();
  });

  it('that point out of the memory are no page tables', () => {
    const { memory, builder, tables } = makeTables(hasP4d);
    builder.setEntry(0x1000n, 'pgd', 0xf_ffff_0000_0067n);
    expect(walkPageTables(memory, tables, 0x1000n)).toBeUndefined();
    expect(mappedMemory(memory, tables).read(0x1000n, 1)).toBeUndefined();
  });

  test.prop([
    fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 512, maxLength: 512 }),
    address,
  ])('full of garbage are walked to some end', (garbage, virtual) => {
    const { memory, tables } = makeTables(hasP4d);
    for (const [index, value] of garbage.entries()) memory.writeU64(tables.root + index * 8, value);
    const walked = walkPageTables(memory, tables, virtual);
    if (walked !== undefined) decodeEntry(walked, virtual);
  });
});

describe('encrypted memory', () => {
  it('sets a bit in entries that is no part of their address', () => {
    const { memory, builder, tables } = makeTables(false);
    builder.map(0x7000n, 0x9000);
    builder.setEntry(0x7000n, 'pte', 0x9063n | (1n << 47n));
    const masked = { ...tables, encryptionMask: 1n << 47n };
    expect(mappedMemory(memory, masked).physicalOf(0x7123n)).toBe(0x9123);
  });
});

describe('a large page', () => {
  it('has a bit beside its address (PAT) that is no part of it', () => {
    const { memory, builder, tables } = makeTables(false);
    builder.map(0x20_0000n, 0x40_0000 + 0x1000, 'pmd');
    expect(mappedMemory(memory, tables).physicalOf(0x20_0123n)).toBe(0x40_0123);
  });
});

describe('the bits of an entry', () => {
  const decode = (value: bigint, level: Level = 'pte', at = 0n) => decodeEntry({ level, value }, at);

  // Values that were read back from kernels: 6.12 and 7.3, device-DAX, after a write and after a read.
  it.each([
    [
      0x8200000040200267n,
      { rw: true, dirty: true, special: true, devmap: true, softDirty: false, pfn: 0x40200 },
    ],
    [0x8200000040202227n, { rw: true, dirty: false, special: true, devmap: true, pfn: 0x40202 }],
    [
      0x8000000140200867n,
      { rw: true, dirty: true, special: false, devmap: false, softDirty: true, pfn: 0x140200 },
    ],
  ])('%s of a process are its own', (value, bits) => {
    expect(decode(value)).toMatchObject({ present: true, user: true, accessed: true, huge: false, ...bits });
  });

  it('of a huge page give the frame of the very address', () => {
    expect(decode(0x80000000402008e7n, 'pmd', 0x6000_0000_3000n)).toMatchObject({ huge: true, pfn: 0x40203 });
  });

  it('tell the bit that stands beside a large page’s address from the address', () => {
    expect(decode(0x40201067n | 0x80n, 'pmd', 0n).pfn).toBe(0x40200);
  });

  it('that is out of reach hold the frame turned round', () => {
    const turned = ~(0x1234n << 12n) & 0xf_ffff_ffff_f000n;
    expect(decode(turned | 0x100n)).toMatchObject({ present: false, protnone: true, pfn: 0x1234 });
  });

  it('that map nothing have no frame', () => {
    expect(decode(0n)).toMatchObject({ present: false, protnone: false, huge: false, pfn: undefined });
    expect(decode(0x1234_0000n).pfn).toBeUndefined();
  });

  it('know write protection with a saved dirty bit', () => {
    expect(decode((1n << 58n) | 0x5025n)).toMatchObject({ rw: false, dirty: false, savedDirty: true });
  });
});
