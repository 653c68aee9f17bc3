import { describe, expect, it } from 'vitest';
import { outcomeTable } from '../../explorer/src/check/outcomeTable.ts';
import { markdown } from '../../explorer/src/export/markdown.ts';
import { stateSvg } from '../../explorer/src/export/stateSvg.ts';
import { chromeTrace, traceDocument } from '../../explorer/src/export/traces.ts';
import { bySubject, entriesOf, search } from '../../explorer/src/gallery/catalogue.ts';
import { check } from '../../src/check/index.ts';
import { SCHEMES, shippedProgram, timelineFor, viewsBehind } from './support/runs.ts';

const program = shippedProgram('litmus/devdax/fault/two-mappings-of-one-page.litmus');
const timeline = timelineFor(program);

describe('the Markdown of a run', () => {
  const text = markdown({
    name: program.name,
    description: program.description,
    text: 'DAX test',
    timeline,
    row: timeline.stops.operation[3] ?? 0,
    link: 'http://127.0.0.1/#v1.x',
  });

  it('tells the operations up to the state that is shown, and no others', () => {
    expect(text).toContain('P  store(a, 0, 5)  = 0');
    expect(text).not.toContain('r = load(b, 0)');
  });

  it('tells what each changed under which scheme, and where to see it', () => {
    expect(text).toContain('     refcount  d[0].refcount 1 → 2');
    expect(text).toMatch(/ {5}devmap {4}P\.a\.pte\[0\] none → d\[0\] .*devmap/);
    expect(text).toContain('http://127.0.0.1/#v1.x');
  });
});

describe('the picture of a state', () => {
  it('stands alone, and says what the page says', () => {
    const svg = stateSvg('a < b & "c"', viewsBehind(program, 'store(a, 0, 5)'));
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('a &lt; b &amp; ');
    expect(svg).toContain('d[0]  refcount 2, mapcount 1');
    expect(svg).toContain('P.a[0], not counted');
  });
});

describe('traces', () => {
  it('have every step of both schemes as JSON', () => {
    const document = JSON.parse(JSON.stringify(traceDocument(program.name, timeline)));
    expect(document.executions.map(({ steps }: { steps: unknown[] }) => steps.length)).toEqual(
      SCHEMES.map((scheme) => timeline[scheme].steps.length),
    );
    expect(document.executions[1].steps[0]).toMatchObject({
      thread: 'P',
      operation: expect.stringMatching(/mmap/),
    });
  });

  it('have steps inside of their operations for Perfetto, which wants them so', () => {
    const { traceEvents } = chromeTrace(timeline);
    const operations = traceEvents.filter(({ pid, name }) => pid === 1 && name === 'store(a, 0, 5)');
    expect(operations).toHaveLength(1);
    const [{ ts = 0, dur = 0 } = {}] = operations;
    const inserted = traceEvents.filter(
      (event) => event.pid === 1 && event.name === 'insert_page_into_pte_locked',
    );
    expect(inserted.length).toBeGreaterThan(0);
    expect(inserted.some((event) => (event.ts ?? -1) >= ts && (event.ts ?? 0) < ts + dur)).toBe(true);
  });
});

describe('the table of outcomes', () => {
  it('puts what both schemes can end with into one row, each with a witness', () => {
    const racing = shippedProgram('litmus/devdax/concurrent/pin-outlives-munmap.litmus');
    const rows = outcomeTable(SCHEMES.map((scheme) => check(racing, scheme, { allOutcomes: true })));
    expect(rows.map(({ registers }) => registers['P.p']).sort()).toEqual([-14, 1]);
    for (const { witnesses } of rows) {
      expect(witnesses.devmap).toMatch(/^1d/);
      expect(witnesses.refcount).toMatch(/^1r/);
    }
  });
});

describe('the gallery', () => {
  const entries = entriesOf(
    {
      'litmus/devdax/gup/pin.litmus': 'DAX pin-it\n"A pin holds."\n\ndevice d',
      'litmus/devdax/new/odd.litmus': 'nonsense',
    },
    { 'a-bug': { sentence: 'It forgets.', schemes: ['devmap'] } },
  );

  it('takes names and sentences from the tests, and stays calm where there are none', () => {
    expect(entries.map(({ name, sentence }) => [name, sentence])).toEqual([
      ['pin-it', 'A pin holds.'],
      ['a test', ''],
      ['a-bug', 'It forgets.'],
    ]);
  });

  it('finds entries that have all words, wherever they stand', () => {
    expect(search(entries, 'HOLDS pin', {}).map(({ name }) => name)).toEqual(['pin-it']);
    expect(search(entries, 'pin forgets', {})).toEqual([]);
    expect(search(entries, '  ', {})).toHaveLength(3);
  });

  it('looks into the texts of tests too, once they are there', () => {
    const texts = { 'litmus/devdax/new/odd.litmus': 'nonsense' };
    expect(search(entries, 'nonsense', {})).toEqual([]);
    expect(search(entries, 'NONSENSE', texts).map(({ file }) => file)).toEqual(Object.keys(texts));
  });

  it('shows subjects that it does not know behind those that it does', () => {
    expect(bySubject(entries).map(({ subject }) => subject)).toEqual(['gup', 'bugs', 'new']);
  });
});
