import { describe, expect, it } from 'vitest';
import { kernelProgram } from '../../src/kernel/link.ts';
import type { Scheme } from '../../src/litmus/index.ts';
import { declaredStructs } from '../../src/machine/field.ts';
import { type DetailedStep, Execution } from '../../src/run/index.ts';
import { programOf } from './support/execute.ts';

interface Told {
  /** What steps changed: `d[0].refcount 1 → 2`. */
  readonly steps: readonly string[];
  readonly operations: readonly DetailedStep[];
}

function trace(text: string, scheme: Scheme): Told {
  const steps: string[] = [];
  const operations: DetailedStep[] = [];
  const execution = new Execution(programOf(text), scheme, {
    onStep: ({ changes }) => {
      for (const [name, [before, after]] of Object.entries(changes))
        steps.push(`${name} ${before} → ${after}`);
    },
    onOperation: (operation) => operations.push(operation),
  });
  execution.advance(Number.POSITIVE_INFINITY);
  expect(execution.result().error).toBeUndefined();
  return { steps, operations };
}

function onFiles(body: string): string {
  return `DAX names\ndevice d = fsdax(size=16M, fs=xfs)\nprocess P {\n${body}\n}`;
}

/** Values that are numbers of the model's own would be told as such by nobody who knows the kernel. */
const NUMBERS_OF_THE_MODEL = /\.(?:vm_mm|mm|vm_file|f_mapping|mapping|pgd|compound_head|waits_for|dentry) \d/;

describe('the name of a word', () => {
  const { wordNames } = new Execution(programOf(onFiles('f = open(d, "a", create, size=4K)')), 'refcount')
    .parts;

  it('is there for every word that steps are told with', () => {
    const unnamed = declaredStructs().flatMap(({ name, fields, options }) =>
      Object.keys(fields)
        .filter((field) => options.private !== true && wordNames.isTold(name, field))
        .filter((field) => wordNames.nameOf(name, field, 1) === `${name}[1].${field}`)
        .map((field) => `${name}.${field}`),
    );
    expect(unnamed).toEqual([]);
  });

  it.each(['devmap', 'refcount'] as const)(
    'and what it holds say nothing of the model’s own numbers: %s',
    (scheme) => {
      const { steps } = trace(
        onFiles(`f = open(d, "a", create, size=2M)
        m = mmap(f, length=2M, prot=rw)
        store(m, 0, 1)
        n = mmap(f, length=8K, prot=rw, private)
        store(n, 0, 2)
        p = pin(m, 4K, 8K, write)
        thread A { punch(f, 4K, 4K) }
        thread B { unpin(p) munmap(n) }
        fork C { x = load(m, 0) }
        unlink(d, "a")
        close(f)`),
        scheme,
      );
      expect(steps.length).toBeGreaterThan(300);
      const structs = declaredStructs().map(({ name }) => name);
      const raw = new RegExp(`^(?:${structs.join('|')})\\[\\d+\\]`);
      expect(steps.filter((step) => raw.test(step) || NUMBERS_OF_THE_MODEL.test(step))).toEqual([]);
    },
  );
});

describe('what a step changed', () => {
  const sleeper = trace(
    onFiles(`f = open(d, "a", create, size=4K)
      m = mmap(f, length=4K, prot=rw)
      p = pin(m, 0, 4K, write)
      thread A { ftruncate(f, 0) }
      thread B { unpin(p) }`),
    'refcount',
  ).steps;

  // Who was woken queues again before it looks again, as ___wait_event has it, and then need not sleep.
  it('names the page that a thread waits for', () => {
    expect(sleeper.filter((step) => step.startsWith('P.A.'))).toEqual([
      'P.A.waits_for none → d[0]',
      'P.A.waits_for d[0] → none',
      'P.A.woken no → yes',
      'P.A.woken yes → no',
      'P.A.waits_for none → d[0]',
      'P.A.waits_for d[0] → none',
    ]);
  });

  it('names what holds a page by its kind, and by its register once that has it', () => {
    expect(sleeper).toContain('pin[1].kind none → pin');
    expect(sleeper).toContain('P.p.run[0].first d[0] → none');
    expect(sleeper).toContain('P.p.kind pin → none');
  });

  it('names the flags of pages, VMAs and inodes as the kernel does', () => {
    expect(sleeper).toContain('d[0].flags reserved → referenced reserved');
    expect(sleeper.some((step) => /^P\.mm vma 0x\w+\.vm_flags none → read write shared\b/.test(step))).toBe(
      true,
    );
  });

  it('names a private copy apart from the pages of devices, with the flags that only it has', () => {
    const { steps } = trace(
      onFiles(`f = open(d, "a", create, size=4K)
        m = mmap(f, length=4K, prot=rw, private)
        store(m, 0, 1)
        munmap(m)`),
      'refcount',
    );
    expect(steps).toContain('P.m.vma.anon_vma 0 → 1');
    expect(steps).toContain('anon[0].mapcount 0 → 1');
    expect(steps.filter((step) => step.includes('mapcount 1'))).toEqual(['anon[0].mapcount 1 → 0']);
    expect(steps).toContain('anon[0].flags none → uptodate');
    expect(steps).toContain('anon[0].flags uptodate → anon_exclusive uptodate');
    expect(steps).toContain('P.m.pte[0] none → anon[0] rw young dirty soft_dirty');
  });

  it('names an entry by the mapping that was there last, also when a power loss takes it', () => {
    const { operations } = trace(
      onFiles(`f = open(d, "a", create, size=8K)
        m = mmap(f, length=8K, prot=rw)
        munmap(m)
        n = mmap(f, length=4K, prot=rw)
        store(n, 0, 1)
        crash()`),
      'refcount',
    );
    const entries = operations.map(({ changes }) =>
      Object.keys(changes).filter((name) => name.includes('pte')),
    );
    expect(entries.slice(-2)).toEqual([['P.n.pte[0]'], ['P.n.pte[0]']]);
  });

  it('names blocks rather than slots of a table, those of the medium apart', () => {
    const { steps } = trace(onFiles('f = open(d, "a", create)\nwrite(f, 0, 1)\nfsync(f)'), 'refcount');
    expect(steps).toContain('"a"[0] hole → d[0]');
    expect(steps).toContain('"a"[0] (medium) hole → d[0]');
    expect(steps).toContain('d[0] byte 0 (medium) 0 → 1');
  });

  it('gives the order of a DAX entry’s slot as a number, beside its marks', () => {
    const { steps } = trace(
      onFiles(
        'f = open(d, "a", create, size=2M)\nm = mmap(f, length=2M, prot=rw)\nstore(m, 0, 1)\nftruncate(f, 0)',
      ),
      'refcount',
    );
    const ofTheSlot = steps.filter((step) => step.startsWith('"a".i_pages[0].'));
    expect(ofTheSlot.slice(0, 2)).toEqual([
      '"a".i_pages[0].order 0 → 9',
      '"a".i_pages[0].marks none → dirty',
    ]);
    expect(ofTheSlot).toContain('"a".i_pages[0].order 9 → 0');
  });

  it('counts a page that is mapped by a huge entry as that', () => {
    const { steps } = trace(
      onFiles(
        'f = open(d, "a", create, size=2M)\nm = mmap(f, length=2M, prot=rw)\nstore(m, 0, 1)\nmunmap(m)',
      ),
      'refcount',
    );
    expect(steps.filter((step) => step.includes('_nr_pages_mapped'))).toEqual([
      'd[0]._nr_pages_mapped 0 → entirely',
      'd[0]._nr_pages_mapped entirely → 0',
    ]);
    const constants = kernelProgram.files.flatMap(({ declarations }) => declarations);
    expect(constants.find(({ name }) => name === 'ENTIRELY_MAPPED')).toMatchObject({
      value: { kind: 'number', value: 0x800000 },
    });
  });
});
