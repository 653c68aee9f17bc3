import { describe, expect, it } from 'vitest';
import { cleanKernel, type KernelVariant } from '../../src/bugs/index.ts';
import { check } from '../../src/check/index.ts';
import type { Overrides } from '../../src/compile/link/selection.ts';
import { readSources } from '../../src/compile/reader/readFile.ts';
import { loadTest, type Program, type PropertyName, type Scheme } from '../../src/litmus/index.ts';

function programOf(body: string, device = 'devdax(size=4M, align=4K)'): Program {
  const text = `DAX limits\ndevice d = ${device}\nprocess P {\n${body}\n}\n`;
  const loaded = loadTest(text, 'limits.litmus');
  if ('program' in loaded) return loaded.program;
  throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
}

function kernelOf(text: string, overrides: Overrides): KernelVariant {
  const { files, refusals } = readSources([{ path: 'common/change.ts', text }]);
  if (refusals.length > 0) throw new Error(refusals.map(({ message }) => message).join('\n'));
  const { sources } = cleanKernel;
  return { sources: { scope: sources.scope, files: [...sources.files, ...files] }, overrides };
}

function violations(program: Program, scheme: Scheme, kernel: KernelVariant): Set<PropertyName> {
  const result = check(program, scheme, { ...kernel });
  expect(result.stats.complete).toBe(true);
  return new Set(result.violations.map(({ property }) => property));
}

const pinAgainst = (operation: string): Program =>
  programOf(`m = mmap(d, offset=0, length=4K, prot=rw) store(m, 0, 1)
    thread A { p = pin(m, 0, 4K, write) unpin(p) }
    thread B { ${operation} }`);

const withoutRecheck = kernelOf(
  'export function* gup_fast_pte_recheck__skipped(pmdp: PmdSlot, pmd: Entry, ptep: PteSlot, pte: Entry): Op<number> { return 1; }',
  { gup_fast_pte_recheck: 'gup_fast_pte_recheck__skipped' },
);

const withoutTableRecheck = kernelOf(
  `export function* gup_fast_pte_recheck__without_table(pmdp: PmdSlot, pmd: Entry, ptep: PteSlot, pte: Entry): Op<number> {
    return (yield* load(pte_table.entry, ptep)) === pte ? 1 : 0;
  }`,
  { gup_fast_pte_recheck: 'gup_fast_pte_recheck__without_table' },
);

const withPlainAdd = kernelOf(
  `export function* folio_ref_try_add__plain(folio: Pfn, refs: number): Op<number> {
    yield* folio_ref_add(folio, refs);
    return 1;
  }`,
  { folio_ref_try_add: 'folio_ref_try_add__plain' },
);

const variants = [
  ['does not look at the entry again', withoutRecheck],
  ['does not look at the table again', withoutTableRecheck],
  ['adds to a count without looking whether it is 0', withPlainAdd],
] as const;

const pinOfFileAgainst = (actors: string): Program =>
  programOf(
    `f = open(d, "f", create, size=4K) m = mmap(f, offset=0, length=4K, prot=rw) madvise(m, POPULATE_WRITE)
    thread A { p = pin(m, 0, 4K, write) dma_write(p, 0, 9) unpin(p) }
    ${actors}`,
    'fsdax(size=4M)',
  );

describe.each(['devmap', 'refcount'] as const)('on files under %s', (scheme) => {
  it.each(variants)('a GUP-fast that %s does no harm beside a truncate', (_what, kernel) => {
    const program = pinOfFileAgainst('thread B { ftruncate(f, 0) }');
    expect(violations(program, scheme, kernel)).toEqual(new Set());
  });
});

describe('a truncate that finds a mapping hidden whose munmap has not flushed yet', () => {
  const program = pinOfFileAgainst('thread B { munmap(m) } fork C { ftruncate(f, 0) }');

  it.each(variants)('waits under refcount for a GUP-fast, though it %s', (_what, kernel) => {
    expect(violations(program, 'refcount', kernel)).toEqual(new Set());
  });

  it('meets references under devmap that GUP-fast takes before it looks again, and gives back', () => {
    const expected = new Set(['kernel-warning', 'free-page-reference']);
    expect(violations(program, 'devmap', cleanKernel)).toEqual(expected);
    expect(violations(program, 'devmap', withoutRecheck)).toEqual(expected.add('dma-to-reused'));
  });
});

describe.each(['devmap', 'refcount'] as const)('on device-DAX under %s', (scheme) => {
  it.each(variants)('a GUP-fast that %s does no harm', (_what, kernel) => {
    for (const operation of ['munmap(m)', 'madvise(m, DONTNEED)']) {
      expect(violations(pinAgainst(operation), scheme, kernel)).toEqual(new Set());
    }
  });

  it('a GUP-fast that does not look at the table again pins what mremap takes along with its table', () => {
    const program = programOf(`m = mmap(d, offset=0, length=2M, prot=rw, at=0x600000000000) store(m, 0, 1)
      thread A { p = pin(m, 0, 4K, write) unpin(p) }
      thread B { mremap(m, 2M, to=0x610000000000) }`);
    expect(violations(program, scheme, withoutTableRecheck)).toEqual(new Set());
  });

  it('munmap beside unbind goes wrong without any bug: nobody waits for what munmap has not flushed yet', () => {
    const program = programOf(`m = mmap(d, offset=0, length=4K, prot=rw) store(m, 0, 1)
      thread A { munmap(m) }
      thread B { unbind(d) }`);
    const property = scheme === 'devmap' ? 'stale-tlb' : 'memmap-after-teardown';
    expect(violations(program, scheme, cleanKernel)).toContain(property);
  });
});
