import { describe, expect, it } from 'vitest';
import { FolioMemory } from '../../../src/lab/execute/folioMemory.ts';
import type { FolioView, PageReader } from '../../../src/lab/execute/pageReader.ts';

/** Pages whose refcounts a test sets, and which of them were read. */
function pages(count: number): {
  refcounts: number[];
  read: number[];
  memory: FolioMemory;
  isBound: boolean;
} {
  const state = { refcounts: Array<number>(count).fill(1), read: [] as number[], isBound: true };
  const reader: PageReader = {
    firstFrame: () => 0,
    folio: (_device, page, traced): FolioView | undefined => {
      state.read.push(page);
      expect(traced?.trace[page - traced.first]).toBe(state.isBound ? state.refcounts[page] : undefined);
      const refcount = state.refcounts[page] ?? 0;
      return state.isBound ? { first: page, refcount, mapcount: 0, pincount: 0, order: 0 } : undefined;
    },
    trace: (_device, first, length) => {
      expect(first + length).toBeLessThanOrEqual(count);
      return state.isBound ? Uint8Array.from(state.refcounts.slice(first, first + length)) : undefined;
    },
    entry: () => undefined,
    frames: (_id, _address, pages) => Array.from({ length: pages }),
  };
  return Object.assign(state, { memory: new FolioMemory(reader) });
}

describe('folios that are remembered', () => {
  it('are read again only near what has changed', () => {
    const state = pages(1300);
    const look = (): (number | undefined)[] => {
      state.memory.beginLook();
      return state.refcounts.map((_, page) => state.memory.folio(0, page, 1300)?.refcount);
    };
    expect(look()).toEqual(state.refcounts);
    expect(state.read).toHaveLength(1300);
    state.read.length = 0;
    expect(look()).toEqual(state.refcounts);
    expect(state.read).toEqual([]);
    state.refcounts[1299] = 2;
    expect(look()).toEqual(state.refcounts);
    expect(state.read).toEqual(Array.from({ length: 276 }, (_, index) => 1024 + index));
  });

  it('are read anew while there are no struct pages, and afterwards', () => {
    const state = pages(10);
    const refcount = (): number | undefined => {
      state.memory.beginLook();
      return state.memory.folio(0, 3, 10)?.refcount;
    };
    expect(refcount()).toBe(1);
    state.isBound = false;
    expect(refcount()).toBeUndefined();
    state.isBound = true;
    state.refcounts[3] = 4;
    expect(refcount()).toBe(4);
  });
});
