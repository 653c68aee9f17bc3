import { describe, expect, it } from 'vitest';
import {
  listedPages,
  listPages,
  type OutputDocument,
  type PageCounts,
  stepResult,
  unlistedPages,
  validateDocument,
} from '../../../src/litmus/output/index.ts';

const counts: PageCounts = { refcount: 2, mapcount: 1, pincount: 0, order: 0 };

const document: OutputDocument = {
  tool: 'daxlab',
  version: '0.1.0',
  schemaVersion: 1,
  verb: 'check',
  results: [
    {
      file: 'x.litmus',
      name: 'x',
      scheme: 'refcount',
      source: 'kernel 7.3.4+deb13-amd64',
      verdict: 'violated',
      steps: [
        {
          process: 'P',
          thread: 'P',
          op: 'load',
          text: 'r = load(m, 0)',
          line: 4,
          result: -1007,
          errno: null,
          signal: 'SIGBUS',
          skipped: false,
          pages: { 'd[0]': counts, more: 12 },
        },
      ],
      replay: '1.0.1',
      outcomes: [{ registers: { 'P.r': -1007, 'P.p': null }, pages: {}, replay: '0' }],
      conditions: [{ kind: 'never', text: 'r == 1', line: 7, holds: true }],
      violations: [
        {
          property: 'stale-tlb',
          message: 'a TLB entry outlives its page',
          page: 'd[0]',
          actors: ['P.A', 'P.B'],
          trace: [
            {
              thread: 'P.A',
              function: 'zap_pte_range',
              file: 'mm/memory.ts',
              line: 12,
              changes: { 'd[0].refcount': [2, 1] },
            },
          ],
        },
      ],
      stats: { executions: 1, states: 2, transitions: 3, seconds: 0.5, peakBytes: 4096, complete: true },
    },
  ],
};

/** The document with one change, as it would be read from a file. */
function changed(change: (result: Record<string, unknown>) => void): unknown {
  const copy = structuredClone(document) as unknown as { results: Record<string, unknown>[] };
  const [result] = copy.results;
  if (result !== undefined) {
    change(result);
  }
  return copy;
}

describe('the JSON document', () => {
  it('is accepted as it is, and after a trip through JSON', () => {
    expect(validateDocument(document)).toEqual({ document });
    expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual({ document });
  });

  it('may have keys that a newer version added', () => {
    expect(validateDocument(changed((result) => Object.assign(result, { later: 1 })))).toHaveProperty(
      'document',
    );
  });

  it.each<[what: string, change: (result: Record<string, unknown>) => void, error: RegExp]>([
    [
      'an unknown scheme',
      (result) => {
        result.scheme = 'both';
      },
      /^results\.0\.scheme: /,
    ],
    [
      'an unknown verdict',
      (result) => {
        result.verdict = 'fine';
      },
      /^results\.0\.verdict: /,
    ],
    [
      'a source that is neither',
      (result) => {
        result.source = 'kernel';
      },
      /^results\.0\.source: neither 'model' nor/,
    ],
    [
      'a missing list',
      (result) => {
        delete result.steps;
      },
      /^results\.0\.steps: /,
    ],
    [
      'a fraction as a count',
      (result) => {
        Object.assign(result.stats as object, { states: 0.5 });
      },
      /^results\.0\.stats\.states: /,
    ],
    [
      'an unknown property',
      (result) => {
        result.violations = [{ property: 'x', message: '', page: null, actors: [], trace: [] }];
      },
      /^results\.0\.violations\.0\.property: not a property/,
    ],
    [
      'a null where a key may be left out',
      (result) => {
        result.replay = null;
      },
      /^results\.0\.replay: /,
    ],
    [
      'a number that is no count of other pages',
      (result) => {
        result.outcomes = [{ registers: {}, pages: { 'd[0]': 3 }, replay: '' }];
      },
      /^results\.0\.outcomes\.0\.pages: only 'more'/,
    ],
  ])('is refused with %s, and says where', (_what, change, error) => {
    const validation = validateDocument(changed(change));
    expect(validation).toHaveProperty('errors');
    expect('errors' in validation && validation.errors.join('\n')).toMatch(error);
  });

  it.each([[null], [undefined], [42], ['text'], [[]], [{}], [{ ...document, schemaVersion: 2 }]])(
    'is not %j',
    (json) => {
      expect(validateDocument(json)).toHaveProperty('errors');
    },
  );
});

describe('a list of pages', () => {
  const folios = (many: number): [string, PageCounts][] =>
    Array.from({ length: many }, (_, index) => [`d[${index}]`, { ...counts, refcount: index }]);

  it('names up to 1,000 folios', () => {
    const pages = listPages(folios(1_000));
    expect(Object.keys(pages)).toHaveLength(1_000);
    expect([listedPages(pages).length, unlistedPages(pages)]).toEqual([1_000, 0]);
  });

  it('counts those beyond', () => {
    const pages = listPages(folios(1_003));
    expect(pages.more).toBe(3);
    expect([listedPages(pages).length, unlistedPages(pages)]).toEqual([1_000, 3]);
    expect(listedPages(pages)[999]).toEqual(['d[999]', { ...counts, refcount: 999 }]);
  });
});

describe('the result of a step', () => {
  it('names the errno or the signal that it is', () => {
    expect(stepResult('mmap', -22)).toEqual({ result: -22, errno: 'EINVAL', signal: null });
    expect(stepResult('load', -1007)).toEqual({ result: -1007, errno: null, signal: 'SIGBUS' });
    expect(stepResult('load', 7)).toEqual({ result: 7, errno: null, signal: null });
    expect(stepResult('exit', null)).toEqual({ result: null, errno: null, signal: null });
  });

  it('takes -1 of pagemap for what it is', () => {
    expect(stepResult('pagemap', -1)).toEqual({ result: -1, errno: null, signal: null });
  });
});
