import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complete, diagnose, format, hover, LIMITS, loadTest, parse } from '../../../src/litmus/index.ts';
import { arbitraryTest } from '../support/arbitraryTest.ts';
import { EVERYTHING, EXAMPLE } from '../support/contractExample.ts';

type Edit = readonly [at: number, remove: number, insert: string];

const piece = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '"',
    '\\',
    ',',
    '=',
    '==',
    '&',
    '#',
    '\n',
    '-',
    '.',
    '\0',
    'é',
    '\u{1F600}',
    '/*',
    '*/',
  ),
  fc.constantFrom(
    'process',
    'thread',
    'fork',
    'assert',
    'exists',
    'hazard',
    'DAX',
    'idle',
    'device',
    'repeat 99',
  ),
  fc.constantFrom('9'.repeat(40), '0x', '__proto__', 'constructor', 'toString', 'unpin(p)', 'm = load(m, 0)'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const edits = fc.array(fc.tuple(fc.nat(), fc.nat(12), piece), { minLength: 1, maxLength: 12 });
const origin = fc.oneof(fc.constantFrom(EXAMPLE, EVERYTHING), arbitraryTest);

function mangle(source: string, list: readonly Edit[]): string {
  return list.reduce((text, [at, remove, insert]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + insert + text.slice(place + remove);
  }, source);
}

/** Everything that reads a source answers with values, all of whose places are in the source. */
function readAll(source: string): void {
  const { errors } = parse(source);
  const result = loadTest(source, 't');
  const shown = 'errors' in result ? result.errors : [];
  for (const { message, hint, span } of [...errors, ...shown]) {
    expect(message).toMatch(/^[^\n]+$/);
    expect(hint).toMatch(/^[^\n]+$/);
    expect(span.offset).toBeGreaterThanOrEqual(0);
    expect(span.offset + span.length).toBeLessThanOrEqual(source.length);
    const before = source.slice(0, span.offset).split('\n');
    const mark = before.length === 1 && source.startsWith('\uFEFF') ? 1 : 0;
    expect([span.line, span.column]).toEqual([before.length, (before.at(-1)?.length ?? 0) + 1 - mark]);
  }
  expect(shown.length).toBeLessThanOrEqual(LIMITS.reportedErrors + 1);
  expect('errors' in format(source)).toBe(errors.length > 0);
  diagnose(source, 't');
  const middle = source.length >> 1;
  complete(source, middle);
  hover(source, middle);
}

describe('a mangled test', () => {
  it('never crashes a reader, and every error has a place', () => {
    fc.assert(
      fc.property(origin, edits, (source, list) => {
        readAll(mangle(source, list));
      }),
      { numRuns: 1500 },
    );
  });

  it('of random characters never crashes a reader', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.boolean(), (text, isTest) => {
        readAll(isTest ? `DAX x ${text}` : text);
      }),
      { numRuns: 1000 },
    );
  });

  it('of random bytes never crashes a reader', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readAll(new TextDecoder().decode(bytes));
      }),
    );
  });

  it('is read as far as it goes wherever it is cut off', () => {
    for (let end = 0; end <= EVERYTHING.length; end += 1) {
      readAll(EVERYTHING.slice(0, end));
    }
  });

  it('that is all one unfinished expression is read quickly, deep in bodies as well', () => {
    for (const opening of ['DAX x exists ', `DAX x process P { ${'thread A { '.repeat(60)} assert `]) {
      const source = `${opening}${'('.repeat(60)}${'. '.repeat(200_000)}`;
      const begin = performance.now();
      expect(parse(source).errors.length).toBeGreaterThan(0);
      expect(performance.now() - begin).toBeLessThan(2_000);
    }
  });

  it.each([
    '{',
    '(',
    '[',
    '"',
    '!',
    '-',
    'thread A {',
    'f(',
    'a = ',
    '/*',
    '&&',
    '}',
    'é ',
    '0x',
    'repeat 1 {',
    'x[',
    'exists ',
    'process P {',
    '. ',
    'x\na()\n',
    'device d = devdax(size=4M\n',
    'assert (((((1 1\n',
  ])('that repeats %s without an end is read quickly', (part) => {
    const source = `DAX x exists 1 process P { ${part.repeat(200_000 / part.length)}`;
    const begin = performance.now();
    loadTest(source, 't');
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});
