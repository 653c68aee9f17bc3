import { describe, expect, it } from 'vitest';
import { STEPPED } from '../../src/check/model.ts';
import { EffectTable } from '../../src/check/words/effectTable.ts';
import { SharedQuestion } from '../../src/check/words/sharedQuestion.ts';
import { WordTree } from '../../src/check/words/wordTree.ts';
import { numbersFrom } from './models/randomGraph.ts';

const WORDS = 40;

/** Adds the word that word 0 names to the one behind it, or, where that is 0, does nothing but read one more. */
function follow(list: WordTree): void {
  const named = 1 + (list.get(0) % (WORDS - 2));
  const value = list.get(named);
  if (value === 0) list.get(WORDS - 1);
  else list.set(named + 1, list.get(named + 1) + value);
}

function randomList(list: WordTree, below: (limit: number) => number): number {
  for (let word = 0; word < WORDS; word++) list.set(word, below(3));
  return list.store();
}

describe('an effect table', () => {
  it('answers as the code itself does, though it runs it far more seldom', () => {
    const below = numbersFrom(5);
    const list = new WordTree();
    let executed = 0;
    const table = new EffectTable(list, () => {
      executed++;
      list.trace.begin();
      follow(list);
      list.trace.end();
      const { trace, values } = list;
      return { outcome: STEPPED, nextOwn: 0, reads: trace.reads(), writes: trace.effects(values) };
    });
    for (let round = 0; round < 3_000; round++) {
      const before = randomList(list, below);
      table.find(0, before);
      const after = table.nextShared;
      list.load(before);
      follow(list);
      expect(list.store()).toBe(after);
    }
    expect(executed).toBeLessThan(100);
  });

  it('keeps apart what depends on more than single words', () => {
    const list = new WordTree();
    list.set(0, 1);
    const one = list.store();
    list.set(0, 2);
    const two = list.store();
    const table = new EffectTable(list, (_own, shared) => ({
      outcome: shared === one ? 0 : 2,
      nextOwn: 0,
      reads: null,
      writes: { words: [], values: [] },
    }));
    const outcomes = [one, two, one, two].map((shared) => table.outcome(table.find(0, shared)));
    expect(outcomes).toEqual([0, 2, 0, 2]);
    expect(table.size).toBe(2);
  });

  it('leaves the words as they were before the code that it runs', () => {
    const list = new WordTree();
    list.set(3, 7);
    const before = list.store();
    const table = new EffectTable(list, () => {
      list.trace.begin();
      list.set(3, list.get(3) + 1);
      list.trace.end();
      const { trace, values } = list;
      return { outcome: STEPPED, nextOwn: 0, reads: trace.reads(), writes: trace.effects(values) };
    });
    table.find(0, before);
    expect(list.get(3)).toBe(7);
    expect(list.at(table.nextShared, 3)).toBe(8);
  });
});

describe('a question about shared words', () => {
  it('is asked once of all lists that look alike to it', () => {
    const below = numbersFrom(9);
    const list = new WordTree();
    let asked = 0;
    const isOdd = new SharedQuestion(list, () => {
      asked++;
      return (list.get(2) + list.get(30)) % 2 === 1;
    });
    for (let round = 0; round < 500; round++) {
      const number = randomList(list, below);
      const expected = (list.get(2) + list.get(30)) % 2 === 1;
      expect(isOdd.of(number)).toBe(expected);
    }
    expect(asked).toBeLessThanOrEqual(9);
  });
});
