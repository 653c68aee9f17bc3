import { describe, expect, it } from 'vitest';
import { loadTest, type Scheme } from '../../src/litmus/index.ts';
import type { Step } from '../../src/litmus/output/index.ts';
import { run } from '../../src/run/index.ts';

const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];

function stepsOf(body: string, scheme: Scheme, device = 'fsdax(size=16M, fs=xfs)'): readonly Step[] {
  const loaded = loadTest(`DAX names\ndevice d = ${device}\nprocess P {\n${body}\n}`, 'names.litmus');
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  const { steps, error } = run(loaded.program, scheme);
  expect(error).toBeUndefined();
  return steps;
}

/** What the pages of the step that sets a register are said to back. */
function backsAt(steps: readonly Step[], register: string): Step['backs'] {
  return steps.find(({ text }) => text.startsWith(`${register} = `))?.backs;
}

describe('what the pages of a step back', () => {
  it.each(SCHEMES)('is the page of the file that has them (%s)', (scheme) => {
    const steps = stepsOf(
      `f = open(d, "a", create, size=16K)
       g = open(d, "b", create, size=16K)
       m = mmap(g, offset=4K, length=8K, prot=rw)
       h = get(m, 4K, 4K)`,
      scheme,
    );
    expect(backsAt(steps, 'h')).toEqual({ 'd[6]': 'd/b[2]' });
  });

  it('is told by the first page of a folio, also of a mapping of its other pages', () => {
    const steps = stepsOf(
      `f = open(d, "a", create, size=2M)
       m = mmap(f, length=2M, prot=rw)
       r = load(m, 0)
       n = mmap(f, offset=4K, length=4K, prot=rw)
       s = load(n, 0)`,
      'refcount',
    );
    expect(backsAt(steps, 'r')).toEqual({ 'd[0]': 'd/a[0]' });
    expect(backsAt(steps, 's')).toEqual({ 'd[0]': 'd/a[0]' });
    expect(Object.keys(steps.find(({ text }) => text.startsWith('s = '))?.pages ?? {})).toEqual(['d[0]']);
  });

  it('stays what it was while that is true, and after the page is nobody’s', () => {
    const steps = stepsOf(
      `f = open(d, "a", create, size=4K)
       g = open(d, "b", create)
       c = reflink(f, g)
       n = mmap(g, length=4K, prot=r)
       r = load(n, 0)
       t = ftruncate(f, 0)
       u = munmap(n)
       v = ftruncate(g, 0)
       e = open(d, "e", create, size=4K)
       m = mmap(e, length=4K, prot=r)
       s = load(m, 0)`,
      'refcount',
    );
    expect(backsAt(steps, 'r')).toEqual({ 'd[0]': 'd/a[0]' });
    expect(backsAt(steps, 'u')).toEqual({ 'd[0]': 'd/b[0]' });
    expect(Object.values(backsAt(steps, 's') ?? {})).toEqual(['d/e[0]']);
  });

  it('is told of the page that pagemap answers', () => {
    const steps = stepsOf(
      `f = open(d, "a", create, size=16K)
       m = mmap(f, length=16K, prot=rw)
       store(m, 8K, 1)
       p = pagemap(m, 8K)
       q = pagemap(m, 0)`,
      'devmap',
    );
    expect(backsAt(steps, 'p')).toEqual({ 'd[2]': 'd/a[2]' });
    expect(backsAt(steps, 'q')).toEqual({});
  });

  it('is nothing where no device has files', () => {
    const steps = stepsOf('m = mmap(d, length=4K, prot=rw)\nr = load(m, 0)', 'refcount', 'devdax(size=4M)');
    expect(steps.map(({ backs }) => backs)).toEqual([undefined, undefined]);
  });
});
