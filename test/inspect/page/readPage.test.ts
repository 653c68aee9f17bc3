import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { openKernel } from '../../../src/inspect/index.ts';
import { PLAIN, SyntheticKernel } from '../support/syntheticKernel.ts';

const DEVICE = 0x3000;
const COUNTS = { largeMapcount: 3, entireMapcount: 2, nrPagesMapped: 0x800001, pincount: 7 };

describe('the struct page of a small folio', () => {
  const synthetic = new SyntheticKernel();
  const kernel = openKernel(synthetic.memory);

  it('has its own counts', () => {
    synthetic.setPage(DEVICE, { refcount: 2, mapcount: 1, mapping: 0xffff_8880_1234_5678n, index: 9n });
    expect(kernel.page(DEVICE)).toEqual({
      pfn: DEVICE,
      kind: 'small',
      headPfn: DEVICE,
      refcount: 2,
      mapcount: 1,
      pincount: 0,
      order: 0,
      ownRefcount: 2,
      ownMapcount: 1,
      large: undefined,
      flags: [],
      mapping: 0xffff_8880_1234_5678n,
      index: 9n,
    });
  });

  it.each([
    [1023, 0],
    [1025, 1],
    [2 + 3 * 1024, 3],
    [-1024, 0],
  ])('with %i references counts %i pins', (refcount, pincount) => {
    synthetic.setPage(DEVICE, { refcount });
    expect(kernel.page(DEVICE)?.pincount).toBe(pincount);
  });

  it('that keeps a type where others count mappings is not mapped', () => {
    synthetic.setPage(DEVICE, { mapcount: -0x0fff_ffff });
    expect(kernel.page(DEVICE)?.mapcount).toBe(0);
  });

  it('names its flags, each bit once, and leaves the section and zone above them alone', () => {
    synthetic.setPage(DEVICE, { flags: (1n << 0n) | (1n << 3n) | (1n << 13n) | (1n << 50n) });
    expect(kernel.page(DEVICE)?.flags).toEqual(['PG_locked', 'PG_dirty']);
  });

  it('shows what changed since it was last read', () => {
    synthetic.setPage(DEVICE, { refcount: 1 });
    expect(kernel.page(DEVICE)?.refcount).toBe(1);
    synthetic.setPage(DEVICE, { refcount: 2 });
    expect(kernel.page(DEVICE)?.refcount).toBe(2);
  });
});

describe.each(['compound_head', 'compound_info'] as const)(
  'a large folio whose tails have %s',
  (tailWord) => {
    const synthetic = new SyntheticKernel({ ...PLAIN, types: { tailWord } });
    const kernel = openKernel(synthetic.memory);
    synthetic.setFolio(DEVICE, 9, { flags: 1n << 3n, refcount: 4, mapcount: 1, index: 512n, ...COUNTS });

    it('has its counts in its head', () => {
      expect(kernel.page(DEVICE)).toMatchObject({
        kind: 'head',
        refcount: 4,
        mapcount: 3,
        pincount: 7,
        order: 9,
        large: { largeMapcount: 3, entireMapcount: 2, nrPagesMapped: 0x800001 },
        flags: ['PG_dirty', 'PG_head'],
      });
    });

    it.each([1, 2, 63, 64, 511])('has them for its page %i as well', (distance) => {
      expect(kernel.page(DEVICE + distance)).toMatchObject({
        pfn: DEVICE + distance,
        kind: 'tail',
        headPfn: DEVICE,
        refcount: 4,
        mapcount: 3,
        pincount: 7,
        order: 9,
        ownRefcount: 0,
        ownMapcount: 0,
        index: 512n,
      });
    });

    it('ends where it ends', () => {
      synthetic.setPage(DEVICE + 512, { refcount: 1 });
      expect(kernel.page(DEVICE + 512)).toMatchObject({ kind: 'small', headPfn: DEVICE + 512, refcount: 1 });
    });

    test.prop([fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 255 })], { numRuns: 10 })(
      'is found from each of its pages, whatever its order',
      (order, at) => {
        const folios = new SyntheticKernel({ ...PLAIN, types: { tailWord } });
        const head = DEVICE + 1024;
        folios.setFolio(head, order, { refcount: 1, ...COUNTS });
        expect(openKernel(folios.memory).page(head + (at % 2 ** order))).toMatchObject({
          headPfn: head,
          order,
        });
      },
    );
  },
);

describe('struct pages that were read together', () => {
  const synthetic = new SyntheticKernel();
  const kernel = openKernel(synthetic.memory);
  const counts = (pfn: number): object | undefined => {
    const { headPfn, refcount, mapcount, pincount, order } = kernel.page(pfn) ?? {};
    return headPfn === undefined ? undefined : { headPfn, refcount, mapcount, pincount, order };
  };

  it('give the counts that each had then', () => {
    synthetic.setPage(DEVICE, { refcount: 2 + 2048, mapcount: 1 });
    synthetic.setPage(DEVICE + 1, { refcount: 1 });
    synthetic.setPage(DEVICE + 2, { refcount: 3, mapcount: -0x0fff_ffff });
    const bytes = kernel.structPages(DEVICE, 3) ?? new Uint8Array();
    const then = [0, 1, 2].map((page) => counts(DEVICE + page));
    expect(then).toMatchObject([
      { refcount: 2050, mapcount: 1, pincount: 2 },
      { refcount: 1 },
      { mapcount: 0 },
    ]);
    for (const page of [0, 1, 2]) synthetic.setPage(DEVICE + page, { refcount: 7 });
    const known = { first: DEVICE, bytes };
    expect([0, 1, 2].map((page) => kernel.counts(DEVICE + page, known))).toEqual(then);
    expect(kernel.counts(DEVICE + 3, known)).toEqual(kernel.page(DEVICE + 3));
  });

  it('give those of large folios by their heads, wherever these are', () => {
    synthetic.setFolio(DEVICE + 1024, 9, { refcount: 4, ...COUNTS });
    const known = { first: DEVICE + 1100, bytes: kernel.structPages(DEVICE + 1100, 4) ?? new Uint8Array() };
    expect(kernel.counts(DEVICE + 1101, known)).toMatchObject({
      headPfn: DEVICE + 1024,
      refcount: 4,
      order: 9,
    });
  });
});

describe('a struct page that is not there', () => {
  const synthetic = new SyntheticKernel();
  const kernel = openKernel(synthetic.memory);

  it('is undefined where there never was one', () => {
    expect(kernel.page(0x12_3456)).toBeUndefined();
    expect(kernel.page(2 ** 40)).toBeUndefined();
  });

  it.each([-1, 0.5, Number.NaN])('is undefined for %d, which is no frame', (pfn) => {
    expect(kernel.page(pfn)).toBeUndefined();
  });

  it('is undefined behind the end of all struct pages, whatever memory the kernel has there', () => {
    const last = 2 ** 34;
    expect(kernel.page(last - 1)).toBeUndefined();
    synthetic.setPage(last - 1, { refcount: 1 });
    synthetic.setPage(last, { refcount: 1 });
    expect(kernel.page(last - 1)?.refcount).toBe(1);
    expect(kernel.page(last)).toBeUndefined();
  });

  it('is undefined once the driver is unbound', () => {
    synthetic.setPage(DEVICE, { refcount: 1 });
    expect(kernel.page(DEVICE)).toBeDefined();
    synthetic.removeStructPages(DEVICE);
    expect(kernel.page(DEVICE)).toBeUndefined();
  });

  it('is undefined when it is a tail whose head is gone', () => {
    synthetic.setFolio(DEVICE + 1024, 9, { refcount: 1, ...COUNTS });
    synthetic.removeStructPages(DEVICE + 1024);
    expect(kernel.page(DEVICE + 1024 + 100)).toBeUndefined();
  });
});
