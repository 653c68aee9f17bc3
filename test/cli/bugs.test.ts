import { describe, expect, it } from 'vitest';
import { bugs } from '../../src/bugs/index.ts';
import { validateDocument } from '../../src/litmus/output/index.ts';
import { daxlab } from './support/fakeHost.ts';

describe('daxlab bugs', () => {
  it('finds a bug under each of its schemes, and says what it is and what it breaks', async () => {
    const { status, out, err } = await daxlab(['bugs', 'index-rounded-up']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('device-dax: correct pgoff align in dax_set_mapping()');
    expect(out).toMatch(
      /index-rounded-up +devmap +mapping-index after 3 states +nothing in all 3 states +[\d.]+ s +ok/,
    );
    expect(out).toContain('P  store(m, 4K, 1)  = 0');
    expect(out).toMatch(/index-rounded-up +refcount +mapping-index/);
    expect(out).toContain('d[0]');
    expect(out).toContain('2 searches: 2 as expected, 0 not');
  });

  it('prints the contract’s document, with the steps of the counterexample', async () => {
    const { status, out } = await daxlab(['bugs', 'mapcount-before-refcount', 'index-rounded-up', '--json']);
    expect(status).toBe(0);
    const validation = validateDocument(JSON.parse(out));
    if (!('document' in validation)) throw new Error(JSON.stringify(validation));
    const { verb, results } = validation.document;
    expect(verb).toBe('bugs');
    expect(results.map(({ name, scheme, verdict }) => `${name} ${scheme} ${verdict}`)).toEqual([
      'mapcount-before-refcount refcount ok',
      'index-rounded-up devmap ok',
      'index-rounded-up refcount ok',
    ]);
    expect(results[0]?.conditions).toContainEqual(expect.objectContaining({ kind: 'always', holds: false }));
    expect(results[1]?.violations[0]?.property).toBe('mapping-index');
    expect(results[1]?.violations[0]?.trace.length).toBeGreaterThan(0);
    // Steps and violations are of the kernel that has the bug: the other one's test is in order.
    for (const result of JSON.parse(out).results) {
      expect(result).toMatchObject({ bug: { applied: true, verdicts: { with: 'violated', without: 'ok' } } });
    }
    expect(results[1]?.steps.map(({ op }) => op)).toEqual(['mmap', 'store']);
  });

  it('searches without reductions if asked to: more states, and the same verdict', async () => {
    const bug = ['bugs', 'mapcount-before-refcount', '--json'];
    const states = async (...options: string[]): Promise<number> => {
      const { status, out } = await daxlab([...bug, ...options]);
      expect(status).toBe(0);
      return JSON.parse(out).results[0].stats.states;
    };
    expect(await states('--no-reduction')).toBeGreaterThan(await states());
  });

  it('lists what there is, and looks for nothing', async () => {
    const { status, out } = await daxlab(['bugs', '--list']);
    expect(status).toBe(0);
    for (const { name, sentence } of bugs) {
      expect(out).toContain(name);
      expect(out).toContain(sentence);
    }
  });

  it('lists as JSON', async () => {
    const { out } = await daxlab(['bugs', '--list', '--json', 'flush-after-unlock']);
    expect(JSON.parse(out)).toMatchObject({ tool: 'daxlab', schemaVersion: 1, verb: 'bugs' });
    const [only] = JSON.parse(out).bugs;
    expect(only).toMatchObject({ name: 'flush-after-unlock', breaks: 'stale-tlb' });
    expect(only.test).toContain('DAX flush-after-unlock');
  });

  it('knows no other names', async () => {
    const { status, err } = await daxlab(['bugs', 'no-such-bug']);
    expect(status).toBe(2);
    expect(err).toBe("error: no bug is called 'no-such-bug': daxlab bugs --list names them\n");
  });

  it('names the bug that a mistyped name is nearest to', async () => {
    const { status, err } = await daxlab(['bugs', 'index-roundedup']);
    expect(status).toBe(2);
    expect(err).toBe("error: no bug is called 'index-roundedup': did you mean 'index-rounded-up'?\n");
  });

  it('says nothing of an interrupt that comes when everything was done', async () => {
    const { status, err } = await daxlab(['bugs', 'index-rounded-up'], { interruptedBy: '2 searches: ' });
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });

  it('prints what was done when it is interrupted', async () => {
    const { status, out, err } = await daxlab(['bugs', 'index-rounded-up', '--json'], {
      interruptedAfter: 3,
    });
    expect(status).toBe(3);
    expect(JSON.parse(out).results).toMatchObject([{ verdict: 'ok' }]);
    expect(err).toBe('interrupted after 1 of 2 searches\n');
  });

  it('does not take a search that was interrupted for one that found nothing', async () => {
    const { status, out, err } = await daxlab(['bugs', 'index-rounded-up'], { interruptedAfter: 2 });
    expect(status).toBe(3);
    expect(out).toMatch(/nothing so far in \d states? .* incomplete\n/);
    expect(out).toContain("the kernel without 'index-rounded-up' was not searched to the end\n1 search: ");
    expect(out).toMatch(/\n1 search: 0 as expected, 0 not, 1 incomplete\n$/);
    expect(err).toBe('interrupted after 0 of 2 searches\n');
  });

  it('does not say that a bug breaks nothing when its search was interrupted', async () => {
    const { status, out } = await daxlab(['bugs', 'flush-after-unlock'], { interruptedAfter: 2 });
    expect(status).toBe(3);
    expect(out).toMatch(/not found yet after \d+ states .* incomplete\n/);
    expect(out).toContain("'flush-after-unlock' breaks 'stale-tlb' in none so far of");
    expect(out).toMatch(/\n1 search: 0 as expected, 0 not, 1 incomplete\n$/);
  });

  it('says what a bug is, and then in a table what looking for it gave', async () => {
    const { out } = await daxlab(['bugs', 'index-rounded-up']);
    const places = ['bugs/index-rounded-up/kernel.ts changes', 'without it\n', 'nothing in all 3 states'];
    const found = places.map((text) => out.indexOf(text));
    expect(found).toEqual(found.toSorted((left, right) => left - right));
    expect(found[0]).toBeGreaterThan(0);
    expect(out.split('without it\n')).toHaveLength(2);
  });
});
