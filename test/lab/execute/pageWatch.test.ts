import { describe, expect, it } from 'vitest';
import type { FolioView, PageReader } from '../../../src/lab/execute/pageReader.ts';
import { PageWatch } from '../../../src/lab/execute/pageWatch.ts';
import { loadTest } from '../../../src/litmus/index.ts';

const IDLE: FolioView = { first: 0, refcount: 1, mapcount: 0, pincount: 0, order: 0 };

/** Pages of a guest's device 3 whose counts a test sets. */
function watched(
  declaration: string,
  kind = 'devdax',
): {
  watch: PageWatch;
  pages: Map<number, FolioView | undefined>;
  asked: Set<number>;
} {
  const loaded = loadTest(`DAX t\ndevice d = ${kind}(${declaration})\nprocess P { barrier(x) }`, 't.litmus');
  if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
  const pages = new Map<number, FolioView | undefined>();
  const asked = new Set<number>();
  const reader: PageReader = {
    firstFrame: () => 0,
    folio: (device, page) => {
      expect(device).toBe(3);
      asked.add(page);
      return pages.has(page) ? pages.get(page) : { ...IDLE, first: page };
    },
    trace: () => undefined,
    entry: () => undefined,
    frames: (_id, _address, pages) => Array.from({ length: pages }),
  };
  return { watch: new PageWatch(loaded.program.devices, reader, [3], 'refcount'), pages, asked };
}

describe('a watch over pages', () => {
  it('tells of each change once, by device page', () => {
    const { watch, pages } = watched('size=4M');
    pages.set(7, { ...IDLE, first: 7, refcount: 2, mapcount: 1 });
    pages.set(1023, { ...IDLE, first: 1023, refcount: 1025, pincount: 1 });
    expect(watch.changes().pages).toEqual({
      'd[7]': { refcount: 2, mapcount: 1, pincount: 0, order: 0 },
      'd[1023]': { refcount: 1025, mapcount: 0, pincount: 1, order: 0 },
    });
    expect(watch.changes().pages).toEqual({});
  });

  it('says once that a driver went, and does not call the pages of one that was just bound changed', () => {
    const { watch, pages } = watched('size=4M');
    pages.set(0, { ...IDLE, refcount: 2 });
    watch.changes();
    pages.set(0, undefined);
    expect(watch.changes()).toEqual({ pages: {}, gone: ['d'] });
    expect(watch.changes()).toEqual({ pages: {}, gone: [] });
    pages.set(0, IDLE);
    expect(watch.changes()).toEqual({ pages: {}, gone: [] });
    pages.set(0, { ...IDLE, refcount: 0 });
    expect(watch.changes().pages).toEqual({ 'd[0]': { refcount: 0, mapcount: 0, pincount: 0, order: 0 } });
  });

  it('looks at the heads of folios only, and of a large device only at what is mapped', () => {
    const { watch, asked } = watched('size=2G');
    expect(asked.size).toBe(0);
    watch.add(0, 8192, 5000);
    watch.add(0, 2 ** 31 - 4096, 8192);
    watch.changes();
    expect([...asked].sort((left, right) => left - right)).toEqual([2, 3, 2 ** 19 - 1]);
    const huge = watched('size=8M, align=2M');
    huge.watch.changes();
    expect([...huge.asked]).toEqual([0, 512, 1024, 1536]);
  });

  it('knows the blocks of files from when they belong to one, idle until then', () => {
    const { watch, pages, asked } = watched('size=64M', 'fsdax');
    watch.add(0, 0, 8192);
    watch.changes();
    expect(asked.size).toBe(0);
    const idle = { refcount: 0, mapcount: 0, pincount: 0, order: 0 };
    const mapped = { refcount: 1, mapcount: 1, pincount: 0, order: 0 };
    pages.set(7, { first: 7, ...mapped });
    pages.set(8, { first: 8, ...idle });
    watch.addBlocks(0, 7, 2);
    expect(watch.changes().pages).toEqual({ 'd[7]': mapped });
    watch.addBlocks(0, 7, 2);
    expect(watch.changes().pages).toEqual({});
  });

  it('tells of a folio by its first page alone, also as it forms and as it goes', () => {
    const { watch, pages } = watched('size=64M', 'fsdax');
    const idle = { refcount: 0, mapcount: 0, pincount: 0, order: 0 };
    for (const page of [512, 513, 514]) pages.set(page, { first: page, ...idle });
    watch.addBlocks(0, 512, 3);
    const folio = { first: 512, refcount: 1, mapcount: 1, pincount: 0, order: 9 };
    for (const page of [512, 513, 514]) pages.set(page, folio);
    expect(Object.keys(watch.changes().pages)).toEqual(['d[512]']);
    expect(watch.busy().map(({ name }) => name)).toEqual(['d[512]']);
    for (const page of [512, 513, 514]) pages.set(page, { first: page, ...idle });
    expect(watch.changes().pages).toEqual({ 'd[512]': idle });
    expect(watch.busy()).toEqual([]);
  });

  it('counts the pins that came since, and names what is not idle', () => {
    const { watch, pages } = watched('size=4M');
    pages.set(1, { ...IDLE, first: 1, refcount: 2049, pincount: 2 });
    expect(watch.newPins()).toBe(2);
    expect(watch.busy().map(({ name }) => name)).toEqual(['d[1]']);
    watch.changes();
    expect(watch.newPins()).toBe(0);
  });
});
