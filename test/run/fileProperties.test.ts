import { describe, expect, it } from 'vitest';
import { check } from '../../src/check/index.ts';
import { ANON_END_PFN } from '../../src/kernel/state/anon_page.ts';
import type { Scheme } from '../../src/litmus/index.ts';
import type { Violation } from '../../src/litmus/output/index.ts';
import type { RunOptions } from '../../src/run/index.ts';
import { execute, programOf, withFault } from './support/execute.ts';

/*
 * A kernel with a fault, and what has to find it: in one execution, and in the check of all, which sees states alone.
 */

/** Imports of a kernel file: names are bound by the linker, so that only their being there counts. */
const IMPORTS = `
import type { Op } from '../../machine/primitive.ts';
import { load, store, atomic_add } from '../../machine/primitives/access.ts';
import { put } from '../../machine/primitives/own.ts';
import { xas_store, xas_clear_mark } from '../state/xarray.ts';
`;

/** A kernel in which the functions that faults are called after, up to the two underscores, are replaced by them. */
function faulty(...functions: readonly string[]): RunOptions {
  const names = functions.map((text) => /function\*? (\w+)/.exec(text)?.[1] ?? '');
  const replaced = names.filter((name) => name.endsWith('__fault'));
  const overrides = Object.fromEntries(replaced.map((name) => [name.split('__fault')[0] ?? '', name]));
  return withFault(IMPORTS + functions.map((text) => `export ${text}\n`).join(''), overrides);
}

/** The first frame of the only device of a test with files. */
const FIRST = ANON_END_PFN;
/** The inode of the first file. */
const FIRST_FILE = 17;

/** A kernel whose fsync does something else. */
function fsyncDoes(statement: string): RunOptions {
  return faulty(`function* sys_fsync__fault(filp: FileId): Op<number> { ${statement} return 0; }`);
}

const NOTHING = 'function* nothing__none(): Op { yield* load(mm_struct.flags, 1); }';
const NO_UNMAP =
  'function* unmap_mapping_pages__fault(mapping: MappingId, first: number, last: number, even_cows: number): Op { yield* nothing__none(); }';
const NO_FLUSH = 'function* tlb_flush_mmu_tlbonly__fault(): Op { yield* nothing__none(); }';

const MAPPED = 'f = open(d, "a", create, size=8K) m = mmap(f, 0, 8K, rw) store(m, 0, 1)';

function onFiles(body: string, fileSystem = 'ext4'): string {
  return `DAX test\ndevice d = fsdax(size=256K, fs=${fileSystem})\nprocess P {\n${body}\n}`;
}

/** What is found of a page, `null` where no page is to blame; a check has to find the same property. */
function found(
  text: string,
  scheme: Scheme,
  options: RunOptions,
  property: Violation['property'],
): Violation | undefined {
  const program = programOf(text);
  const { overrides = {}, sources } = options;
  const checked = check(program, scheme, { overrides, ...(sources && { sources }), sought: property });
  expect(checked.violations.map((violation) => violation.property)).toContain(property);
  return execute(text, scheme, options).violations.find((violation) => violation.property === property);
}

describe('mapped-free-page of a file', () => {
  it('finds an entry that outlives its block', () => {
    const violation = found(
      onFiles(`${MAPPED} ftruncate(f, 0)`),
      'devmap',
      faulty(NOTHING, NO_UNMAP),
      'mapped-free-page',
    );
    expect(violation).toMatchObject({
      page: 'd[0]',
      message: 'a free block: an entry still maps it, as page 0 of "a", which it was',
      actors: expect.arrayContaining(['P: ftruncate(f, 0)']),
    });
  });

  it('finds an entry for a page of another file, and names both', () => {
    const next = faulty(
      `function* dax_fault_insert__fault(vma: VmaId, address: Vaddr, _entry: number, pfn: Pfn, nr: number, write: number): Op<number> {
        return yield* vmf_insert_mixed_mkwrite(vma, address, pfn + 2);
      }`,
    );
    const text = onFiles(
      'f = open(d, "a", create, size=8K) g = open(d, "b", create, size=4K) m = mmap(f, 0, 4K, rw) store(m, 0, 1)',
    );
    expect(found(text, 'devmap', next, 'mapped-free-page')).toMatchObject({
      page: 'd[2]',
      message: 'page 0 of "b": an entry maps it as page 0 of "a"',
    });
  });

  it('finds an entry for another page of the same file', () => {
    const next = faulty(
      `function* dax_fault_insert__fault(vma: VmaId, address: Vaddr, _entry: number, pfn: Pfn, nr: number, write: number): Op<number> {
        return yield* vmf_insert_mixed_mkwrite(vma, address, pfn + 1);
      }`,
    );
    expect(found(onFiles(MAPPED), 'devmap', next, 'mapped-free-page')).toMatchObject({
      page: 'd[1]',
      message: 'page 1 of "a": an entry maps it as page 0 of "a"',
    });
  });

  it('finds an entry whose block went to another place of its file', () => {
    const text = onFiles(`${MAPPED} store(m, 4K, 2) fallocate(f, collapse, 0, 4K)`);
    expect(found(text, 'devmap', faulty(NOTHING, NO_UNMAP), 'mapped-free-page')?.message).toMatch(/"a"/);
  });
});

describe('stale-tlb of a file', () => {
  it('finds a translation that outlives the block', () => {
    const text = onFiles(`${MAPPED} ftruncate(f, 0)`);
    expect(found(text, 'devmap', faulty(NOTHING, NO_FLUSH), 'stale-tlb')).toMatchObject({
      page: 'd[0]',
      message: 'a free block: a TLB still translates to it, and no file has it any more',
    });
    expect(found(text, 'refcount', faulty(NOTHING, NO_FLUSH), 'stale-tlb')).toMatchObject({
      page: 'd[0]',
      message: 'page 0 of "a": a TLB still translates to it, and its last reference is gone',
    });
  });
});

describe('free-page-reference of a file', () => {
  it('finds a reference on a block that no file has', () => {
    const options = fsyncDoes(`yield* atomic_add(page._refcount, ${FIRST + 9}, 1);`);
    for (const scheme of ['devmap', 'refcount'] as const) {
      expect(found(onFiles(`${MAPPED} fsync(f)`), scheme, options, 'free-page-reference')).toMatchObject({
        page: 'd[9]',
        message: 'a free block: a reference was taken on it, and no file has it',
        actors: ['P: fsync(f)'],
      });
    }
  });

  it('finds a reference that is dropped twice', () => {
    const options = faulty(
      'function* folios_put_refs__fault(folio: Pfn, refs: number): Op { yield* folio_put_refs(folio, refs + 1); }',
    );
    const violation = found(onFiles(`${MAPPED} munmap(m)`), 'refcount', options, 'free-page-reference');
    expect(violation?.message).toBe('page 0 of "a": refcount fell to -1, below the base count 0');
  });
});

describe('dma-to-reused of a file', () => {
  const body = `${MAPPED} p = pin(m, 0, 4K, write) munmap(m) ftruncate(f, 0)`;
  const none = faulty(NOTHING);

  it('finds a device that writes to a block which was freed', () => {
    expect(found(onFiles(`${body} dma_write(p, 0, 9)`), 'devmap', none, 'dma-to-reused')).toMatchObject({
      page: 'd[0]',
      message:
        'a free block: a device accesses it through a pin, and it was page 0 of "a" when it was pinned',
      actors: ['P: dma_write(p, 0, 9)', 'P: ftruncate(f, 0)'],
    });
  });

  it('finds one that writes to what another file has by then, and names both', () => {
    const text = onFiles(`${body} g = open(d, "b", create, size=4K) dma_write(p, 0, 9)`);
    expect(found(text, 'devmap', none, 'dma-to-reused')).toMatchObject({
      page: 'd[0]',
      message:
        'page 0 of "b": a device accesses it through a pin, and it was page 0 of "a" when it was pinned',
    });
  });

  it('finds one that writes to a file that has the block again', () => {
    const text = onFiles(`${body} ftruncate(f, 4K) write(f, 0, 3) dma_write(p, 0, 9)`);
    expect(found(text, 'devmap', none, 'dma-to-reused')?.page).toBe('d[0]');
  });

  it('has nothing to say while the pin is on what it was taken on', () => {
    const text = onFiles(`${MAPPED} p = pin(m, 0, 4K, write) munmap(m) dma_write(p, 0, 9) unpin(p)`);
    for (const scheme of ['devmap', 'refcount'] as const) {
      expect(execute(text, scheme).violations).toEqual([]);
    }
  });
});

describe('reference-balance of a file', () => {
  it('finds a reference that nobody holds', () => {
    const options = fsyncDoes(`yield* atomic_add(page._refcount, ${FIRST}, 1);`);
    const violation = found(onFiles(`${MAPPED} fsync(f)`), 'refcount', options, 'reference-balance');
    expect(violation).toMatchObject({
      page: 'd[0]',
      message: 'page 0 of "a": refcount is 2, but base 0 + mappings 1 + gets 0 + pins 0 × 1024 is 1',
    });
  });

  it('adds up what maps and holds a folio, by its head', () => {
    const options = fsyncDoes(`yield* atomic_add(page._refcount, ${FIRST}, 1);`);
    const text = `DAX test
      device d = fsdax(size=8M)
      process P {
        f = open(d, "a", create, size=2M) m = mmap(f, 0, 2M, rw) store(m, 0, 1)
        n = mmap(f, 0, 8K, r) load(n, 4K)
        p = pin(m, 0, 8K, read)
        fsync(f)
      }`;
    const violation = execute(text, 'refcount', options).violations[0];
    expect(violation).toMatchObject({
      property: 'reference-balance',
      page: 'd[0]',
      message: 'page 0 of "a": refcount is 5, but base 0 + mappings 2 + gets 0 + pins 2 is 4',
    });
  });
});

describe('mapping-index of a file', () => {
  const slot = `${FIRST_FILE}, 0`;

  it.each<[what: string, scheme: Scheme, statement: string, message: RegExp]>([
    [
      'a DAX entry for another block',
      'devmap',
      `yield* xas_store(${slot}, ${(FIRST + 1) * 16});`,
      /the DAX entry 0 of "a" says that page 0 is d\[1\], and the file has d\[0\] there/,
    ],
    [
      'a DAX entry that was forgotten',
      'refcount',
      `yield* xas_store(${slot}, 0);`,
      /an entry maps d\[0\] as page 0 of "a", where the DAX entry has nothing|its mapping is a file, and no DAX entry has it/,
    ],
    [
      'a DAX entry that stays locked',
      'devmap',
      `yield* xas_store(${slot}, ${FIRST * 16 + 1});`,
      /the DAX entry 0 of "a" is locked, and nobody is left to unlock it/,
    ],
    [
      'a hole that is none',
      'refcount',
      `yield* xas_store(${slot}, 20);`,
      /the DAX entry 0 of "a" says that page 0 is a hole, and the file has d\[0\] there/,
    ],
    [
      'a page that may be written and is not marked dirty',
      'refcount',
      `yield* xas_clear_mark(${slot}, 1);`,
      /a writable entry maps page 0 of "a", whose DAX entry is not marked dirty/,
    ],
    [
      'a page that does not know its file',
      'devmap',
      `yield* store(page.mapping, ${FIRST}, 0);`,
      /its mapping is NULL, and the DAX entry 0 of "a" has it/,
    ],
    [
      'a page that takes itself for another one',
      'refcount',
      `yield* store(page.index, ${FIRST}, 1);`,
      /its index is 1, and the DAX entry 0 of "a" has it/,
    ],
  ])('finds %s', (_what, scheme, statement, message) => {
    const options = fsyncDoes(statement);
    expect(found(onFiles(`${MAPPED} fsync(f)`), scheme, options, 'mapping-index')?.message).toMatch(message);
  });

  it('finds a share that counts a file too many', () => {
    const options = fsyncDoes(`yield* store(page.share, ${FIRST}, 3);`);
    const text = onFiles(
      `f = open(d, "a", create, size=4K) g = open(d, "b", create) reflink(f, g)
       m = mmap(f, 0, 4K, r) n = mmap(g, 0, 4K, r) load(m, 0) load(n, 0) fsync(f)`,
      'xfs',
    );
    for (const scheme of ['devmap', 'refcount'] as const) {
      expect(found(text, scheme, options, 'mapping-index')?.message).toBe(
        'page 0 of "a" and page 0 of "b": its share is 3, and 2 DAX entries have it',
      );
    }
  });
});

describe('lost-dirty', () => {
  const scheme = 'refcount';

  it('finds an fsync that leaves bytes in a cache', () => {
    const options = faulty(
      NOTHING,
      'function* file_write_and_wait_range__fault(mapping: InodeId, first: number, last: number): Op<number> { yield* nothing__none(); return 0; }',
    );
    expect(found(onFiles(`${MAPPED} fsync(f)`), scheme, options, 'lost-dirty')).toMatchObject({
      page: 'd[0]',
      message: expect.stringMatching(/^page 0 of "a": .* in a cache only$/),
      actors: expect.arrayContaining(['P: fsync(f)']),
    });
  });

  it('finds an fsync after which the medium does not know of the file', () => {
    const options = faulty(
      NOTHING,
      'function* commit_metadata__fault(mapping: InodeId): Op { yield* nothing__none(); }',
    );
    const grown = 'f = open(d, "a", create) ftruncate(f, 4K) m = mmap(f, 0, 4K, rw) store(m, 0, 1) fsync(f)';
    expect(found(onFiles(grown), scheme, options, 'lost-dirty')).toMatchObject({
      page: null,
      message: expect.stringMatching(/^"a": .* would leave 0 of its 4096 bytes$/),
    });
  });
});

describe('lost-dirty of an msync', () => {
  const scheme = 'refcount';
  const commitsNothing = faulty(
    NOTHING,
    'function* commit_metadata__fault(mapping: InodeId): Op { yield* nothing__none(); }',
  );
  const grown = 'f = open(d, "a", create) ftruncate(f, 8K)';

  it('finds one after which the medium does not know of the file', () => {
    const text = onFiles(`${grown} m = mmap(f, 0, 8K, rw) store(m, 0, 1) msync(m)`);
    expect(found(text, scheme, commitsNothing, 'lost-dirty')).toMatchObject({
      page: null,
      message: expect.stringMatching(/^"a": .* would leave 0 of its 8192 bytes$/),
      actors: ['P: msync(m)'],
    });
  });

  it('asks for as much of the file as it was called for', () => {
    const text = onFiles(`${grown} m = mmap(f, 0, 8K, rw) store(m, 0, 1) msync(m, 0, 4K)`);
    expect(found(text, scheme, commitsNothing, 'lost-dirty')).toMatchObject({
      message: expect.stringMatching(/^"a": .* would leave 0 of its 4096 bytes$/),
    });
  });

  it('finds one after which the medium does not know of a block', () => {
    const commitsSize = faulty(
      'function* commit_metadata__fault(mapping: InodeId): Op { yield* store(inode.i_disksize, mapping, 8192); }',
    );
    const text = onFiles(`${grown} m = mmap(f, 0, 8K, rw) store(m, 4K, 1) msync(m, 4K, 4K)`);
    expect(found(text, scheme, commitsSize, 'lost-dirty')).toMatchObject({
      page: 'd[0]',
      message: expect.stringMatching(/^page 1 of "a": .* leave the file without it$/),
    });
  });

  it.each([
    ['of another page', 'm = mmap(f, 0, 8K, rw) store(m, 4K, 1) msync(m, 0, 4K)'],
    [
      'of a private copy',
      'm = mmap(f, 0, 8K, rw) store(m, 4K, 1) n = mmap(f, 0, 8K, rw, private) store(n, 0, 1) msync(n)',
    ],
  ])('promises nothing %s', (_what, body) => {
    const commitsSize = faulty(
      'function* commit_metadata__fault(mapping: InodeId): Op { yield* store(inode.i_disksize, mapping, 8192); }',
    );
    expect(execute(onFiles(`${grown} ${body}`), scheme, commitsSize).violations).toEqual([]);
  });
});

describe('leak of a file', () => {
  it('finds one that nobody takes away after its last close', () => {
    const options = faulty(NOTHING, 'function* evict__fault(file: InodeId): Op { yield* nothing__none(); }');
    const text = onFiles('f = open(d, "a", create, size=4K) unlink(d, "a")');
    expect(found(text, 'devmap', options, 'leak')).toMatchObject({
      page: null,
      message: '"a" has lost its name, nobody has it open, and it still has its inode',
    });
  });
});

describe('entry-flags of a file', () => {
  it('finds zeros that walkers would count', () => {
    const options = faulty('function pte_mkspecial__fault(entry: Entry): Entry { return entry; }');
    const text = onFiles('f = open(d, "a", create) ftruncate(f, 4K) m = mmap(f, 0, 4K, r) load(m, 0)');
    expect(found(text, 'refcount', options, 'entry-flags')).toMatchObject({
      page: 'zeros',
      message: 'its entry is not marked special, and it is zeros',
    });
  });
});

describe('a wait for a DAX entry', () => {
  it('is told by the entry and its file, where nobody wakes who waits', () => {
    const options = faulty(
      NOTHING,
      'function* dax_wake_entry__fault(mapping: MappingId, index: number, entry: number, mode: number): Op { yield* nothing__none(); }',
    );
    const { overrides = {}, sources } = options;
    const program = programOf(
      onFiles(
        'f = open(d, "a", create, size=4K) m = mmap(f, 0, 4K, rw) thread A { store(m, 0, 1) } thread B { load(m, 0) }',
      ),
    );
    const { violations } = check(program, 'refcount', { overrides, ...(sources && { sources }) });
    expect(violations.map(({ property, message }) => `${property} ${message}`).join()).toMatch(
      /hang .*waits for the DAX entry 0 of "a"/,
    );
  });
});
