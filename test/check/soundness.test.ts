import { describe, expect, it } from 'vitest';
import { LitmusCheck } from '../../src/check/index.ts';
import { OptimisticSearch } from '../../src/check/reductions/optimisticSearch.ts';
import { BreadthFirstSearch } from '../../src/check/search/breadthFirst.ts';
import type { SearchResult } from '../../src/check/search/result.ts';
import { runSearch } from '../../src/check/search/search.ts';
import { ReadTree } from '../../src/check/words/readTree.ts';
import { WordTree } from '../../src/check/words/wordTree.ts';
import { programOf, withFault } from '../run/support/execute.ts';
import { randomProgram } from './models/randomProgram.ts';
import { type Instruction, type TinyProgram, tinyComponents } from './models/tinyProgram.ts';

function searched(program: TinyProgram, movers: boolean, maximumStates = 100_000): SearchResult {
  const components = tinyComponents(program);
  const isCutOff = (state: Int32Array): boolean =>
    components.properties.some((property) => !property.holds(state));
  return runSearch(
    new OptimisticSearch(
      components,
      { movers, loneGroups: false },
      (model) => new BreadthFirstSearch(model, { findAll: true, maximumStates, endsAt: isCutOff }),
    ),
  );
}

const findingsOf = ({ findings }: SearchResult): string[] =>
  findings.map((finding) => `${finding.kind} ${finding.kind === 'failure' ? finding.failure : ''}`).sort();

/** Fails if the word changes while it believes that it has the lock. */
const reader: readonly Instruction[] = [
  { op: 'lock', word: 0 },
  { op: 'load', word: 1, to: 0 },
  { op: 'load', word: 1, to: 1 },
  { op: 'jumpIfDiffer', left: 0, right: 1, to: 5 },
  { op: 'jump', to: 6 },
  { op: 'fail', failure: 9 },
  { op: 'unlock', word: 0 },
];
const writer: readonly Instruction[] = [
  { op: 'lock', word: 0 },
  { op: 'store', word: 1, value: 1 },
  { op: 'unlock', word: 0 },
];

describe('a reduced search', () => {
  it.each([
    ['is given up by somebody who does not hold it', [{ op: 'unlock', word: 0 }], writer],
    ['is overwritten', [{ op: 'store', word: 0, value: 0 }], writer],
    [
      'is given up twice',
      [],
      [...writer.slice(0, 1), { op: 'unlock', word: 0 }, { op: 'unlock', word: 0 }, ...writer],
    ],
  ] as readonly (readonly [string, readonly Instruction[], readonly Instruction[]])[])(
    'does not rely on a lock that %s',
    (_, intruder, other) => {
      const program: TinyProgram = { words: [0, 0], registers: 2, threads: [reader, intruder, other] };
      expect(findingsOf(searched(program, false))).toContain('failure 9');
      expect(findingsOf(searched(program, true))).toEqual(findingsOf(searched(program, false)));
    },
  );

  it('sees what steps lead to before one that fails', () => {
    const program: TinyProgram = {
      words: [0, 0, 0],
      registers: 1,
      visible: [0],
      always: (words) => words[0] !== 1,
      threads: [
        [
          { op: 'store', word: 0, value: 1 },
          { op: 'load', word: 2, to: 0 },
          { op: 'fail', failure: 9 },
        ],
        [{ op: 'load', word: 1, to: 0 }],
      ],
    };
    expect(findingsOf(searched(program, true))).toEqual(findingsOf(searched(program, false)));
  });

  it.each([true, false])(
    'takes no step alone that turns out to conflict by its second word, movers: %s',
    (movers) => {
      // That the second thread reads word 1 comes out in the second round only, which knows word 0 to be contended.
      const program: TinyProgram = {
        words: [0, 0],
        registers: 1,
        threads: [
          [{ op: 'storeBoth', word: 0, other: 1, value: 1 }],
          [
            { op: 'load', word: 0, to: 0 },
            { op: 'jumpUnless', register: 0, is: 0, to: 5 },
            { op: 'load', word: 1, to: 0 },
            { op: 'jumpUnless', register: 0, is: 0, to: 5 },
            { op: 'fail', failure: 9 },
          ],
        ],
      };
      const alone = runSearch(
        new OptimisticSearch(
          tinyComponents(program),
          { movers, loneGroups: true },
          (model) => new BreadthFirstSearch(model, { findAll: true, loneActions: true }),
        ),
      );
      expect(findingsOf(alone)).toEqual(['failure 9']);
      expect(findingsOf(searched(program, false))).toEqual(['failure 9']);
    },
  );

  it('keeps what a round has found that knew too little, when the next one is cut short', () => {
    let found = 0;
    for (let seed = 1; seed <= 150; seed++) {
      for (const bound of [8, 12, 20]) {
        const result = searched(randomProgram(seed), true, bound);
        if (result.findings.length > 0) found++;
        expect(result.verdict === 'incomplete' && result.findings.length > 0).toBe(false);
      }
    }
    expect(found).toBeGreaterThan(10);
  });
});

describe('a check', () => {
  it('finds an endless loop of a thread that nobody runs beside', () => {
    const program = programOf(
      'DAX test\ndevice d = devdax(size=4M, align=4K)\nprocess P { m = mmap(d, offset=0, length=4K, prot=rw) }\n',
    );
    const fault = withFault(
      'export function* up_forever(mm: MmId): Op { for (;;) { if ((yield* load(mm_struct.mmap_lock, mm)) === 12345) return; } }',
      { mmap_write_unlock: 'up_forever' },
    );
    const check = new LitmusCheck(program, 'refcount', fault);
    for (let slice = 0; slice < 1000 && !check.advance(200); slice++) {}
    expect(check.result().violations.map(({ property }) => property)).toEqual(['hang']);
  });
});

describe('a tree of reads', () => {
  it('refuses code that does another thing on the same words', () => {
    const tree = new ReadTree(new WordTree());
    const root = tree.add(0, { words: [3, 4], values: [1, 1] }, 7);
    expect(() => tree.add(root, { words: [3, 5], values: [1, 1] }, 8)).toThrow('read word 5 next');
    expect(() => tree.add(root, { words: [3, 4], values: [1, 1] }, 8)).toThrow('came to something else');
    expect(tree.add(root, { words: [3, 4], values: [1, 2] }, 8)).toBe(root);
  });
});
