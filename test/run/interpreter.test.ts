import { describe, expect, it } from 'vitest';
import { execute, onLargePages, onSmallPages, stepText } from './support/execute.ts';

function stepsOf(text: string): string[] {
  return execute(text).steps.map(stepText);
}

describe('statements', () => {
  it('run in order, and a repeated body runs again and again', () => {
    const steps = stepsOf(
      onSmallPages(
        'process P { m = mmap(d, 0, 4K, rw) repeat 2 { store(m, 0, 1) repeat 2 { r = load(m, 0) } } }',
      ),
    );
    const round = ['P store(m, 0, 1) = 0', 'P r = load(m, 0) = 1', 'P r = load(m, 0) = 1'];
    expect(steps).toEqual(['P m = mmap(d, 0, 4K, rw) = 0', ...round, ...round]);
  });

  it('of live threads take turns in file order, one operation a turn', () => {
    const steps = stepsOf(
      onSmallPages(`process P {
        m = mmap(d, 0, 8K, rw)
        thread A { store(m, 0, 1) store(m, 0, 2) }
        thread B { store(m, 4K, 3) store(m, 4K, 4) store(m, 4K, 5) }
        r = load(m, 4K)
      }
      process Q { n = mmap(d, 0, 4K, r) }`),
    );
    expect(steps).toEqual([
      'P m = mmap(d, 0, 8K, rw) = 0',
      'P.A store(m, 0, 1) = 0',
      'P.B store(m, 4K, 3) = 0',
      'Q n = mmap(d, 0, 4K, r) = 0',
      'P.A store(m, 0, 2) = 0',
      'P.B store(m, 4K, 4) = 0',
      'P.B store(m, 4K, 5) = 0',
      'P r = load(m, 4K) = 5',
    ]);
  });

  it('behind a row wait for all its branches', () => {
    const steps = stepsOf(
      onSmallPages(`process P {
        m = mmap(d, 0, 4K, rw)
        thread A { repeat 3 { store(m, 0, 1) } }
        thread B { store(m, 0, 2) }
        r = load(m, 0)
      }`),
    );
    expect(steps.at(-1)).toBe('P r = load(m, 0) = 1');
  });
});

describe('a fork', () => {
  it('is the operation of its parent, and comes before anything else of its row', () => {
    const steps = stepsOf(
      onSmallPages(`process P {
        m = mmap(d, 0, 4K, rw)
        thread A { r = load(m, 0) }
        fork C { s = load(m, 0) }
        fork D { t = load(m, 0) }
      }`),
    );
    expect(steps).toEqual([
      'P m = mmap(d, 0, 4K, rw) = 0',
      'P fork C = null',
      'P fork D = null',
      'P.A r = load(m, 0) = 0',
      'C s = load(m, 0) = 0',
      'D t = load(m, 0) = 0',
      'C exit = null',
      'D exit = null',
    ]);
  });

  it('copies the registers, which are the child’s own from then on', () => {
    const { conditions } = execute(
      onSmallPages(`process P {
        m = mmap(d, 0, 4K, rw)
        store(m, 0, 4)
        r = load(m, 0)
        fork C { store(m, r, 9) r = load(m, r) }
      }
      finally P.r == 4 && C.r == 9`),
    );
    expect(conditions.map(({ holds }) => holds)).toEqual([true]);
  });

  it('gives the child no mapping that was not to be copied', () => {
    const steps = stepsOf(
      onSmallPages('process P { m = mmap(d, 0, 4K, rw) madvise(m, DONTFORK) fork C { r = load(m, 0) } }'),
    );
    expect(steps).toContain('C r = load(m, 0) = SIGSEGV');
  });

  it('can be repeated, a new child each time', () => {
    const { verdict, steps } = execute(
      onSmallPages(`process P {
        m = mmap(d, 0, 4K, rw)
        repeat 3 { fork C { store(m, 0, 1) assert[refcount] d[0].mapcount == 1 } }
        assert d[0].refcount == idle
      }`),
    );
    expect(verdict).toBe('ok');
    expect(steps.filter(({ op }) => op === 'exit')).toHaveLength(3);
  });
});

describe('barriers', () => {
  it('let nobody pass before all whose text names them have arrived', () => {
    const steps = stepsOf(
      onSmallPages(`process P { m = mmap(d, 0, 4K, rw) barrier(go) store(m, 0, 1) barrier(done) }
      process Q { barrier(go) barrier(done) n = mmap(d, 0, 4K, r) r = load(n, 0) }`),
    );
    expect(steps.indexOf('Q r = load(n, 0) = 1')).toBeGreaterThan(steps.indexOf('P store(m, 0, 1) = 0'));
  });

  it('serve every round of a loop anew', () => {
    const steps = stepsOf(
      onSmallPages(`process P { m = mmap(d, 0, 4K, rw) repeat 3 { store(m, 0, 1) barrier(go) barrier(back) } }
      process Q { n = mmap(d, 0, 4K, rw) repeat 3 { barrier(go) r = load(n, 0) store(n, 0, 0) barrier(back) } }`),
    );
    expect(steps.filter((step) => step === 'Q r = load(n, 0) = 1')).toHaveLength(3);
  });
});

describe('operations on what is not there', () => {
  it('are skipped when a handle holds an error, which their register takes over', () => {
    const { steps, conditions } = execute(
      onSmallPages(`process P {
        m = mmap(d, 100, 4K, rw)
        p = pin(m, 0, 4K, write)
        r = unpin(p)
      }
      finally m == EINVAL && p == EINVAL && r == EINVAL`),
    );
    expect(steps.map(({ skipped }) => skipped)).toEqual([false, true, true]);
    expect(conditions[0]?.holds).toBe(true);
  });

  it('are skipped when a register was never set', () => {
    const text = onSmallPages(`process P {
      m = mmap(d, 0, 4K, rw)
      thread A { unpin(p) }
      thread B { p = pin(m, 0, 4K, write) }
      r = unpin(p)
    }
    finally r == 0`);
    const { steps, verdict } = execute(text);
    expect(steps.map(stepText)).toContain('P.A unpin(p) = skipped');
    expect(verdict).toBe('ok');
  });

  it('are EINVAL for a second unpin, and the register keeps its count', () => {
    const { verdict } = execute(
      onSmallPages(`process P {
        m = mmap(d, 0, 8K, rw)
        p = pin(m, 0, 8K, write)
        a = unpin(p)
        b = unpin(p)
      }
      finally p == 2 && a == 0 && b == EINVAL`),
    );
    expect(verdict).toBe('ok');
  });

  it('end the test where a child gives back what its parent pinned', () => {
    const { verdict, error } = execute(
      onSmallPages(`process P {
        m = mmap(d, 0, 4K, rw)
        p = pin(m, 0, 4K, write)
        fork C {
          thread A { barrier(late) p = pin(m, 0, 4K, write) }
          thread B { unpin(p) barrier(late) }
        }
      }`),
    );
    expect(verdict).toBe('error');
    expect(error).toMatch(/^test\.litmus:8:\d+: .*parent/);
  });
});

describe('the end of a process', () => {
  it('by exit leaves the statements behind it undone, and gives everything back', () => {
    const { steps, verdict } = execute(
      onSmallPages(`process P {
        m = mmap(d, 0, 4K, rw)
        fork C {
          p = pin(m, 0, 4K, write)
          g = vmsplice(m, 0, 4K)
          u = io_uring_register(m, 0, 4K)
          exit(SIGKILL)
          assert d[0].refcount == idle && d[0].pincount == 0
          store(m, 0, 1)
        }
        assert d[0].refcount == idle
      }`),
    );
    expect(verdict).toBe('ok');
    expect(steps.map(({ op }) => op)).not.toContain('store');
  });

  it('ends its other threads too, wherever they wait', () => {
    const { steps, verdict } = execute(
      onSmallPages(`process P {
        m = mmap(d, 0, 4K, rw)
        fork C {
          thread A { store(m, 0, 1) barrier(unmet) store(m, 0, 2) }
          thread B { r = load(m, 0) r = load(m, 0) exit() }
          store(m, 0, 3)
        }
        r = load(m, 0)
      }
      process Q { n = mmap(d, 0, 4K, r) fork X { exit() barrier(unmet) } }
      finally P.r == 1`),
    );
    expect(steps.map(stepText)).not.toContain('C store(m, 0, 3) = 0');
    expect(verdict).toBe('ok');
  });

  it('by exec drops the address space', () => {
    const { verdict } = execute(
      onLargePages(`process P {
        m = mmap(d, 0, 2M, rw)
        fork C { store(m, 0, 1) exec() assert d[0].refcount == idle && d[0].mapcount == 0 }
      }`),
    );
    expect(verdict).toBe('ok');
  });
});
