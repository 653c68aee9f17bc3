import { describe, expect, it } from 'vitest';
import { execute, onSmallPages } from './support/execute.ts';

const mapped = 'process P { m = mmap(d, 0, 4K, rw) store(m, 0, 7) r = load(m, 0) }';

function conditionsOf(text: string, scheme: 'devmap' | 'refcount' = 'refcount') {
  const { conditions, verdict } = execute(onSmallPages(text), scheme);
  return { verdict, holds: conditions.map(({ kind, holds }) => `${kind} ${holds}`) };
}

describe('conditions', () => {
  it('on the outcome are judged when all statements have run, before the processes exit', () => {
    expect(conditionsOf(`${mapped} finally P.m.pte[0].present && d[0].refcount == 2 && r == 7`)).toEqual({
      verdict: 'ok',
      holds: ['finally true'],
    });
  });

  it('that are not met make the test a violated one', () => {
    expect(conditionsOf(`${mapped} finally r == 8`)).toEqual({
      verdict: 'violated',
      holds: ['finally false'],
    });
    expect(conditionsOf(`${mapped} never r == 7`)).toEqual({ verdict: 'violated', holds: ['never false'] });
  });

  it('that ask for what can happen fail nothing in one execution', () => {
    expect(conditionsOf(`${mapped} exists r == 8 exists r == 7 never r == 8`)).toEqual({
      verdict: 'ok',
      holds: ['exists false', 'exists true', 'never true'],
    });
  });

  it('of the other scheme are left out', () => {
    const text = `process P {
      m = mmap(d, 0, 4K, rw) store(m, 0, 7)
      assert[devmap] d[0].refcount == 1
      assert[refcount] d[0].refcount == 2
    }
    finally[devmap] d[0].mapcount == 0`;
    expect(conditionsOf(text, 'devmap').holds).toEqual(['assert true', 'finally true']);
    expect(conditionsOf(text, 'refcount').holds).toEqual(['assert true']);
  });

  it('that always hold are looked at after every step inside the kernel', () => {
    const text = `process P { m = mmap(d, 0, 4K, rw) p = pin(m, 0, 4K, write) unpin(p) munmap(m) }`;
    expect(conditionsOf(`${text} always d[0].refcount < 1026`)).toEqual({
      verdict: 'violated',
      holds: ['always false'],
    });
    expect(conditionsOf(`${text} always d[0].refcount <= 1026 && d[0].refcount >= 1`).verdict).toBe('ok');
  });

  it('see what a fault does between its steps', () => {
    const inBetween = 'always d[0].refcount == d[0].mapcount + 1';
    expect(conditionsOf(`process P { m = mmap(d, 0, 4K, rw) store(m, 0, 7) } ${inBetween}`)).toEqual({
      verdict: 'violated',
      holds: ['always false'],
    });
  });

  it('that assert are judged with the operation before them, every time', () => {
    const text = `process P {
      m = mmap(d, 0, 4K, rw)
      repeat 2 { assert d[0].refcount == 1 store(m, 0, 1) }
    }`;
    expect(conditionsOf(text)).toEqual({ verdict: 'violated', holds: ['assert false'] });
    expect(conditionsOf(text, 'devmap')).toEqual({ verdict: 'ok', holds: ['assert true'] });
  });

  it('that nobody reaches are left out', () => {
    const text = 'process P { fork C { exit() barrier(x) assert d[0].refcount == 5 } }';
    expect(conditionsOf(text)).toEqual({ verdict: 'ok', holds: [] });
  });

  it('equal nothing where a register was never set', () => {
    const text = 'process P { m = mmap(d, 0, 4K, rw) fork C { exit() barrier(x) s = load(m, 0) } }';
    expect(conditionsOf(`${text} exists C.s == 0 exists C.s < 0 exists C.s != 0`).holds).toEqual([
      'exists false',
      'exists false',
      'exists true',
    ]);
  });

  it('that cannot be evaluated make the test an error', () => {
    const { verdict, error } = execute(onSmallPages(`${mapped} finally 1 / (r - 7) == 1`));
    expect(verdict).toBe('error');
    expect(error).toMatch(/^test\.litmus:3:\d+: division by zero$/);
  });
});

describe('terms', () => {
  it('of a page without a struct page are -1', () => {
    const text = `process P { a = unbind(d) }
      finally d[0].refcount == -1 && d[0].mapcount == -1 && d[0].pincount == -1 && d[0].order == -1 && !d.bound`;
    expect(conditionsOf(text).verdict).toBe('ok');
  });

  it('of an entry tell its level, its page and its bits', () => {
    const text = `process P { m = mmap(d, 4K, 8K, rw) store(m, 4K, 1) }
      finally m.pte[1].level == 1 && m.pte[1].page == 2 && m.pte[1].rw && m.pte[1].dirty && m.pte[1].young
      finally !m.pte[0].present && m.pte[0].level == 0 && m.pte[0].page == -1
      finally[devmap] m.pte[1].devmap && m.pte[1].special
      finally[refcount] !m.pte[1].devmap && !m.pte[1].special`;
    expect(conditionsOf(text, 'devmap').verdict).toBe('ok');
    expect(conditionsOf(text, 'refcount').verdict).toBe('ok');
  });

  it('of a pgmap are never below 0, not even while the device is being bound or unbound', () => {
    const text = `process P { m = mmap(d, 0, 4K, rw) store(m, 0, 1) unbind(d) bind(d) store(m, 0, 1) }
      always d.pgmap.ref >= 0
      always[refcount] d.pgmap.ref == 0`;
    expect(conditionsOf(text, 'refcount')).toEqual({ verdict: 'ok', holds: ['always true', 'always true'] });
    expect(conditionsOf(text, 'devmap')).toEqual({ verdict: 'ok', holds: ['always true'] });
  });

  it('of an entry find none where there is no mapping, or not yet', () => {
    const text = `${mapped}
      always !m.pte[0].present || d[0].mapcount == 1
      always m.pte[0].present == 0 || m.pte[0].page == 0`;
    expect(conditionsOf(text)).toEqual({ verdict: 'ok', holds: ['always true', 'always true'] });
    const refused = `process P { m = mmap(d, 0, 4K, rw, private) }
      finally m == EINVAL && m.pte[0].present == 0 && m.pte[0].level == 0 && m.pte[0].page == -1`;
    expect(conditionsOf(refused)).toEqual({ verdict: 'ok', holds: ['finally true'] });
  });

  it('of a pgmap count the references beyond its own', () => {
    const text = `process P { m = mmap(d, 0, 4K, rw) p = pin(m, 0, 4K, write) unpin(p) }
      always d.pgmap.ref <= 1
      always[refcount] d.pgmap.ref == 0
      finally d.pgmap.ref == 0 && !d.pgmap.dying && d.size == 4M`;
    expect(conditionsOf(text, 'devmap').verdict).toBe('ok');
    expect(conditionsOf(text, 'refcount').verdict).toBe('ok');
    expect(conditionsOf(text.replace('ref <= 1', 'ref == 0'), 'devmap').verdict).toBe('violated');
  });
});
