import { describe, expect, it } from 'vitest';
import { type Bug, BugSearch, breaks, bugNamed, findBug, isAsExpected } from '../../src/bugs/index.ts';

function bugOf(name: string): Bug {
  const bug = bugNamed(name);
  if (bug === undefined) throw new Error(`no bug '${name}'`);
  return bug;
}

describe('findBug', () => {
  it('searches the kernel with the bug until it breaks something, and the one without to the end', () => {
    const found = findBug(bugOf('no-grace-period'), 'refcount');
    expect(isAsExpected(found)).toBe(true);
    expect(found.withBug).toMatchObject({ verdict: 'violated', stats: { complete: false } });
    expect(found.without).toMatchObject({ verdict: 'ok', stats: { complete: true } });
    expect(found.withBug.violations[0]?.actors).toEqual(['P.A: r = store(m, 0, 1)', 'P.B: a = unbind(d)']);
  });

  it('says so when the change breaks nothing', () => {
    const harmless = { ...bugOf('index-rounded-up'), overrides: {} };
    const found = findBug(harmless, 'refcount');
    expect(found.withBug.verdict).toBe('ok');
    expect(isAsExpected(found)).toBe(false);
  });

  it('says so when the kernel without the bug fails the test', () => {
    const { program } = bugOf('memmap-removed-before-the-wait');
    expect(program.hazards).not.toEqual([]);
    const undeclared = { ...bugOf('memmap-removed-before-the-wait'), program: { ...program, hazards: [] } };
    const found = findBug(undeclared, 'devmap');
    expect(breaks(found.withBug, undeclared.breaks)).toBe(true);
    expect(found.without.verdict).toBe('violated');
    expect(isAsExpected(found)).toBe(false);
  });

  it('takes no other violation for the bug’s', () => {
    const found = findBug({ ...bugOf('index-rounded-up'), breaks: 'hang' }, 'devmap');
    expect(breaks(found.withBug, 'hang')).toBe(false);
    expect(isAsExpected(found)).toBe(false);
  });

  it('knows a broken condition from a broken property', () => {
    const { withBug } = findBug(bugOf('mapcount-before-refcount'), 'refcount');
    expect(breaks(withBug, 'always')).toBe(true);
    expect(breaks(withBug, 'finally')).toBe(false);
  });
});

describe('a search that is stopped', () => {
  it('in the kernel with the bug, has looked at nothing without it', () => {
    const search = new BugSearch(bugOf('no-grace-period'), 'refcount');
    expect(search.advance(20)).toBe(false);
    search.stop();
    expect(search.advance(1)).toBe(true);
    const found = search.result();
    expect(found.withBug.verdict).toBe('incomplete');
    expect(found.without).toMatchObject({ verdict: 'incomplete', stats: { complete: false } });
    expect(isAsExpected(found)).toBe(false);
  });

  it('in the kernel without the bug, is not taken for one that found nothing', () => {
    const search = new BugSearch(bugOf('no-grace-period'), 'refcount');
    while (search.result().withBug.verdict === 'incomplete') search.advance(1000);
    search.stop();
    expect(isAsExpected(search.result())).toBe(false);
  });
});
