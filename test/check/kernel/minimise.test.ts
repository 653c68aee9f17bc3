import { describe, expect, it } from 'vitest';
import { type CheckOptions, check, Minimiser } from '../../../src/check/index.ts';
import { format, type Scheme } from '../../../src/litmus/index.ts';
import { onSmallPages, programOf, withFault } from '../../run/support/execute.ts';

function minimiser(text: string, options: CheckOptions = {}, scheme: Scheme = 'refcount'): Minimiser {
  const program = programOf(text);
  return new Minimiser({ text, program, scheme, options, result: check(program, scheme, options) });
}

function minimised(text: string, options: CheckOptions = {}): string {
  const running = minimiser(text, options);
  while (!running.advance(Number.POSITIVE_INFINITY)) {}
  return running.text;
}

function formatted(text: string): string {
  const result = format(text);
  if (!('text' in result)) throw new Error('not a test');
  return result.text;
}

/** Two that wait for each other, among much that does not matter. */
const padded = `DAX padded
"Two barriers in two orders."
device d = devdax(size=8M, align=4K)
device e = devdax(size=4M, align=2M)  # nobody needs it
process P {
  m = mmap(d, offset=4K, length=8K, prot=rw)
  repeat 3 { r = load(m, 0) }
  barrier(one)
  barrier(two)
  munmap(m)
}
process Q {
  barrier(two)
  thread A { barrier(one) }
}
process R { m = mmap(e, offset=0, length=2M, prot=r) }
finally P.r == 0 || P.r == SIGBUS
always d[0].refcount < 1000
`;

describe('a test that breaks a property', () => {
  it('is cut down to what it takes', () => {
    expect(minimised(padded)).toBe(
      formatted(`DAX padded
"Two barriers in two orders."
process P { barrier(one) barrier(two) }
process Q { barrier(two) barrier(one) }
`),
    );
  });

  it('in a kernel with a fault, keeps the two threads that meet', () => {
    const kernel = withFault(
      'export function* gup_fast_undo_grab__nothing(_folio: number, _refs: number, _flags: number): Op {}',
      { gup_fast_undo_grab: 'gup_fast_undo_grab__nothing' },
    ) as CheckOptions;
    const text = onSmallPages(`process P {
      m = mmap(d, offset=0, length=8K, prot=rw)
      store(m, 0, 1)
      store(m, 4K, 1)
      thread A { p = pin(m, 0, 4K, write)
                 dma_write(p, 0, 9)
                 unpin(p) }
      thread B { madvise(m, DONTNEED) }
    }
    finally d[1].refcount >= idle`);
    const smallest = minimised(text, kernel);
    expect(smallest).not.toMatch(/finally|dma_write|8K/);
    for (const needed of ['thread A', 'thread B', 'pin(', 'madvise(', 'mmap(', 'store(']) {
      expect(smallest).toContain(needed);
    }
    const program = programOf(smallest);
    expect(check(program, 'refcount', kernel).violations).toMatchObject([{ property: 'reference-balance' }]);
    expect(check(program, 'refcount').verdict).toBe('ok');
  });
});

describe('a test that breaks a condition', () => {
  const race = onSmallPages(`process P {
    m = mmap(d, offset=0, length=4K, prot=rw)
    store(m, 0, 7)
    thread A { r = load(m, 0) }
    thread B { s = store(m, 0, 8)
               t = load(m, 4095) }
  }
  finally r == 7 && t == 0`);

  it('still breaks it by an interleaving only, and not because what it speaks of is gone', () => {
    const smallest = minimised(race);
    expect(smallest).toContain('finally r == 7');
    expect(smallest).toContain('store(m, 0, 7)');
    expect(smallest).not.toContain('4095');
    expect(smallest).not.toContain('t ==');
    expect(check(programOf(smallest), 'refcount').conditions).toMatchObject([
      { kind: 'finally', holds: false },
    ]);
  });

  it('keeps what gives an assert the value that breaks it', () => {
    const text = onSmallPages(`process P {
      m = mmap(d, offset=0, length=8K, prot=rw)
      store(m, 0, 7)
      n = mmap(d, offset=4K, length=4K, prot=rw)
      store(n, 0, 1)
      r = load(m, 0)
      assert r == 8
    }`);
    const smallest = minimised(text);
    // Without the mapping the load would be skipped, and without the store the byte 0: the assert would break for nothing.
    expect(smallest).toContain('store(m, 0, 7)');
    expect(smallest).toMatch(/m = mmap\(d, (offset=0, )?length=4K, prot=rw\)/);
    expect(smallest).not.toContain('n = mmap');
    expect(check(programOf(smallest), 'refcount').conditions).toMatchObject([
      { text: 'r == 8', holds: false },
    ]);
  });
});

describe('what cannot be cut down', () => {
  it('is a test that breaks nothing', () => {
    const running = minimiser(onSmallPages('process P { m = mmap(d, offset=0, length=4K, prot=rw) }'));
    expect(running.target).toBeNull();
    expect(running.advance(1)).toBe(true);
  });

  it('is a test of which no execution shows what is wrong', () => {
    const text = onSmallPages(
      'process P { m = mmap(d, offset=0, length=4K, prot=rw) r = load(m, 0) }\nexists r == 1',
    );
    expect(check(programOf(text), 'refcount').verdict).toBe('violated');
    expect(minimiser(text).target).toBeNull();
  });
});

it('a minimiser that is stopped early has a smaller test that breaks the same', () => {
  const running = minimiser(padded);
  const before = running.text.length;
  while (running.text.length === before) running.advance(1000);
  expect(running.advance(1)).toBe(false);
  expect(check(programOf(running.text), 'refcount').violations).toMatchObject([{ property: 'deadlock' }]);
});
