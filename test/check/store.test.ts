import { describe, expect, it } from 'vitest';
import { InternTable } from '../../src/check/collapse/internTable.ts';
import { ComponentStore } from '../../src/check/store/componentStore.ts';
import { ABSENT, FULL, type StateSet, StateStore, UNBOUNDED } from '../../src/check/store/stateStore.ts';
import { UNTOUCHED, WordTree } from '../../src/check/words/wordTree.ts';
import { numbersFrom } from './models/randomGraph.ts';

const stores: readonly { readonly name: string; readonly make: (width: number) => StateSet }[] = [
  { name: 'whole words', make: (width) => new StateStore(width) },
  { name: 'packed components', make: (width) => new ComponentStore(width) },
];

describe.each(stores)('a store of $name', ({ make }) => {
  it('tells new states from known ones and gives all of them back, as a map of text does', () => {
    const below = numbersFrom(7);
    const store = make(3);
    const known = new Map<string, number>();
    for (let round = 0; round < 60_000; round++) {
      // Ranges grow on the way, so that components outgrow their bits again and again.
      const state = Int32Array.of(below(2), below(1 + Math.floor(round / 20)), below(4) === 0 ? round : 0);
      const number = known.get(state.join());
      const added = store.add(state);
      if (number === undefined) {
        expect(added).toBe(known.size);
        known.set(state.join(), added);
      } else {
        expect(added).toBe(~number);
      }
    }
    expect(store.size).toBe(known.size);
    const state = new Int32Array(3);
    for (const [text, number] of known) {
      store.read(number, state);
      expect(state.join()).toBe(text);
      expect(store.find(state)).toBe(number);
    }
    expect(store.find(Int32Array.of(1, 1, 1_000_000))).toBe(ABSENT);
  });
});

describe('a bounded store', () => {
  it('keeps out what is beyond the bound on states and still knows what it has', () => {
    const store = new StateStore(1, { ...UNBOUNDED, states: 2 });
    expect([5, 6, 5, 7, 6].map((word) => store.add(Int32Array.of(word)))).toEqual([0, 1, ~0, FULL, ~1]);
  });

  it('never takes more bytes than its bound, that of others included', () => {
    const store = new ComponentStore(2, { ...UNBOUNDED, bytes: 500_000 });
    store.reserved = 100_000;
    let word = 0;
    while (store.add(Int32Array.of(word, word)) !== FULL) word++;
    expect(store.bytes + store.reserved).toBeLessThanOrEqual(500_000);
    expect(word).toBeGreaterThan(10_000);
  });
});

describe('an intern table', () => {
  it('gives equal lists equal numbers and different ones different numbers', () => {
    const below = numbersFrom(3);
    const table = new InternTable();
    const known = new Map<string, number>();
    const values = [0, 1, -1, 2 ** 31, 2 ** 40 + 1, -(2 ** 40), 2 ** 52];
    for (let round = 0; round < 20_000; round++) {
      const list = Float64Array.from({ length: below(6) }, () => values[below(values.length)] ?? 0);
      const number = table.intern(list);
      expect(number).toBe(known.get(list.join()) ?? known.size);
      known.set(list.join(), number);
    }
    const words = new Float64Array(6);
    for (const [text, number] of known) {
      const length = table.read(number, words);
      expect(words.subarray(0, length).join()).toBe(text);
    }
  });
});

describe('a tree of words', () => {
  it('brings every stored list back, whatever was written in between', () => {
    const below = numbersFrom(11);
    const tree = new WordTree();
    const stored = new Map<number, Map<number, number>>([[tree.store(), new Map()]]);
    let now = new Map<number, number>();
    for (let round = 0; round < 2_000; round++) {
      const numbers = [...stored.keys()];
      if (below(3) === 0) {
        const number = numbers[below(numbers.length)] ?? 0;
        tree.load(number);
        now = new Map(stored.get(number));
      }
      for (let writes = below(4); writes > 0; writes--) {
        const word = below(1 + Math.floor(round / 10));
        const value = below(3) === 0 ? UNTOUCHED : below(3);
        tree.set(word, value);
        if (value === UNTOUCHED) now.delete(word);
        else now.set(word, value);
      }
      for (let word = 0; word < 20; word++) expect(tree.get(word)).toBe(now.get(word) ?? UNTOUCHED);
      if (below(2) === 0) stored.set(tree.store(), new Map(now));
    }
    tree.load([...stored.keys()][0] ?? 0);
    for (const [number, words] of stored) {
      for (let word = 0; word < 600; word++) expect(tree.at(number, word)).toBe(words.get(word) ?? UNTOUCHED);
    }
    const texts = new Set([...stored.values()].map((words) => JSON.stringify([...words].sort())));
    expect(texts.size).toBe(stored.size);
  });
});
