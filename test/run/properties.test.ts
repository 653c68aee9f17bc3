import { describe, expect, it } from 'vitest';
import type { Scheme } from '../../src/litmus/index.ts';
import type { RunOptions } from '../../src/run/index.ts';
import { execute, onLargePages, onSmallPages, withFault } from './support/execute.ts';

/** Imports of a kernel file: names are bound by the linker, so that only their being there counts. */
const IMPORTS = `
import type { Op } from '../../machine/primitive.ts';
import { load, store, atomic_add } from '../../machine/primitives/access.ts';
import { spin_lock, spin_unlock } from '../../machine/primitives/locks.ts';
import { put, WARN_ON_ONCE } from '../../machine/primitives/own.ts';
`;

/** A kernel in which the function that a fault is called after, up to the two underscores, is replaced by it. */
function faulty(...functions: readonly string[]): RunOptions {
  const names = functions.map((text) => /function\*? (\w+)/.exec(text)?.[1] ?? '');
  const overrides = Object.fromEntries(names.map((name) => [name.split('__fault')[0] ?? '', name]));
  return withFault(IMPORTS + functions.map((text) => `export ${text}\n`).join(''), overrides);
}

function violationsOf(text: string, scheme: Scheme, options: RunOptions): string[] {
  return execute(text, scheme, options).violations.map(({ property, page }) => `${property} ${page}`);
}

const STORE_AND_UNMAP = onSmallPages('process P { m = mmap(d, 0, 4K, rw) store(m, 0, 1) munmap(m) }');

describe('free-page-reference', () => {
  it('finds a reference that is dropped twice', () => {
    const options = faulty(
      'function* folios_put_refs__fault(folio: Pfn, refs: number): Op { yield* folio_put_refs(folio, refs + 1); }',
    );
    expect(violationsOf(STORE_AND_UNMAP, 'refcount', options)).toContain('free-page-reference d[0]');
  });
});

describe('references on struct pages that were torn down', () => {
  const text = onSmallPages(`process P {
    m = mmap(d, 0, 4K, rw)
    p = pin(m, 0, 4K, write)
    unbind(d)
    bind(d)
    assert d[0].pincount == 0 && d[0].refcount == idle
    unpin(p)
  }`);

  it('are nobody’s on fresh ones, and are noticed when they are dropped', () => {
    for (const scheme of ['devmap', 'refcount'] as const) {
      const { violations, conditions } = execute(text, scheme);
      expect(conditions).toMatchObject([{ kind: 'assert', holds: true }]);
      expect(violations[0]).toMatchObject({
        property: 'free-page-reference',
        page: 'd[0]',
        actors: expect.arrayContaining(['P: unpin(p)']),
      });
    }
  });
});

describe('reference-balance', () => {
  it('finds a reference that is not dropped', () => {
    const options = faulty(
      'function* folios_put_refs__fault(folio: Pfn, refs: number): Op { yield* folio_order(folio); }',
    );
    expect(violationsOf(STORE_AND_UNMAP, 'refcount', options)).toEqual([
      'reference-balance d[0]',
      'leak d[0]',
    ]);
  });

  it('finds a mapping that is not counted', () => {
    const options = faulty(
      'function* folio_add_file_rmap_pte__fault(folio: Pfn, pfn: Pfn): Op { yield* folio_order(folio); }',
    );
    expect(violationsOf(STORE_AND_UNMAP, 'refcount', options)).toContain('reference-balance d[0]');
  });

  it('finds a pin that is taken but not held', () => {
    const text = onLargePages('process P { m = mmap(d, 0, 2M, rw) p = pin(m, 0, 8K, write) }');
    const options = faulty(
      'function* hold_pages__fault(kind: number, mm: MmId, address: number, length: number, pages: number, dirty: number): Op<HolderId> { return yield* holder_create(kind, mm); }',
    );
    for (const scheme of ['devmap', 'refcount'] as const) {
      expect(violationsOf(text, scheme, options)).toContain('reference-balance d[0]');
    }
  });
});

describe('stale-tlb', () => {
  const noFlush = 'function* tlb_flush_mmu_tlbonly__fault(): Op { yield* self_flush__none(); }';
  const none = 'function* self_flush__none(): Op { yield* load(mm_struct.flags, 1); }';
  const withoutFlush = withFault(`${IMPORTS}export ${noFlush}\nexport ${none}\n`, {
    tlb_flush_mmu_tlbonly: 'tlb_flush_mmu_tlbonly__fault',
  });

  it('finds a page that is given back while a TLB still has it', () => {
    const { violations } = execute(STORE_AND_UNMAP, 'refcount', withoutFlush);
    expect(violations[0]).toMatchObject({ property: 'stale-tlb', page: 'd[0]' });
    expect(violations[0]?.message).toMatch(/last reference is gone/);
  });

  it('finds a translation that outlives its munmap where mappings do not count', () => {
    const { violations } = execute(STORE_AND_UNMAP, 'devmap', withoutFlush);
    expect(violations[0]).toMatchObject({ property: 'stale-tlb', page: 'd[0]' });
    expect(violations[0]?.message).toMatch(/unmapped/);
  });

  it('finds a permission that outlives its mprotect', () => {
    const text = onSmallPages('process P { m = mmap(d, 0, 4K, rw) store(m, 0, 1) mprotect(m, r) }');
    expect(violationsOf(text, 'refcount', withoutFlush)).toContain('stale-tlb d[0]');
  });

  it('finds a translation that outlives the driver', () => {
    const text = onSmallPages('process P { m = mmap(d, 0, 4K, rw) store(m, 0, 1) unbind(d) }');
    expect(violationsOf(text, 'devmap', withoutFlush)).toContain('stale-tlb d[0]');
  });
});

describe('mapped-free-page', () => {
  it('finds an entry that outlives the driver', () => {
    const options = faulty(
      'function* unmap_mapping_range__fault(mapping: MappingId, first: number, last: number, even_cows: number): Op { yield* load(dax_device.flags, mapping); }',
    );
    const text = onSmallPages('process P { m = mmap(d, 0, 8K, rw) store(m, 4K, 1) unbind(d) }');
    expect(violationsOf(text, 'refcount', options)).toContain('mapped-free-page d[1]');
    expect(violationsOf(text, 'devmap', options)).toContain('mapped-free-page d[1]');
  });
});

describe('mapping-index', () => {
  it('finds an entry that maps another page than the mapping has there', () => {
    const options = faulty(
      'function* dax_pgoff_to_phys__fault(device: DeviceId, pgoff: number, nr: number): Op<Pfn> { return (yield* load(dev_dax.start_pfn, device)) + pgoff + 1; }',
    );
    expect(violationsOf(STORE_AND_UNMAP, 'refcount', options)).toContain('mapping-index d[1]');
  });

  it('finds a folio that does not know its place', () => {
    const options = faulty(
      'function* dax_set_mapping__fault(device: DeviceId, vma: VmaId, pfn: Pfn, address: Vaddr, nr: number): Op { yield* store(page.mapping, pfn, device + 1); yield* store(page.index, pfn, 7); }',
    );
    const text = onSmallPages('process P { m = mmap(d, 0, 4K, rw) store(m, 0, 1) }');
    expect(violationsOf(text, 'devmap', options)).toEqual(['mapping-index d[0]']);
  });
});

describe('entry-flags', () => {
  const text = onSmallPages(
    'process P { m = mmap(d, 0, 4K, rw) store(m, 0, 1) mprotect(m, r) mprotect(m, rw) }',
  );

  it('finds a devmap bit that a change of protection loses', () => {
    const options = faulty(
      'function pte_modify__fault(entry: Entry, newprot: number): Entry { return change_protection_flags(entry, 24, newprot); }',
    );
    expect(violationsOf(text, 'devmap', options)).toContain('entry-flags d[0]');
  });

  it('finds an entry that stays writable in a mapping that no longer is', () => {
    const options = faulty(
      'function pte_wrprotect__fault(entry: Entry): Entry { return entry; }',
      'function pte_modify__fault(entry: Entry, newprot: number): Entry { return entry_set_flags(entry, _PAGE_RW); }',
    );
    expect(violationsOf(text, 'refcount', options)).toContain('entry-flags d[0]');
  });
});

describe('pgmap-balance', () => {
  it('finds a reference that a pin keeps', () => {
    const text = onSmallPages('process P { m = mmap(d, 0, 4K, rw) p = pin(m, 0, 4K, write) unpin(p) }');
    const options = faulty(
      'function* put_dev_pagemap__fault(pgmap: number): Op { yield* load(dev_pagemap.type, pgmap - 1); }',
    );
    expect(violationsOf(text, 'devmap', options)).toEqual(['pgmap-balance null']);
    expect(violationsOf(text, 'refcount', options)).toEqual([]);
  });

  it('finds a reference that is dropped twice', () => {
    const text = onSmallPages('process P { m = mmap(d, 0, 4K, rw) p = pin(m, 0, 4K, write) unpin(p) }');
    const options = faulty(
      'function* put_dev_pagemap__fault(pgmap: number): Op { if (pgmap) yield* percpu_ref_put_many(pgmap - 1, 2); }',
    );
    expect(violationsOf(text, 'devmap', options)).toEqual(['pgmap-balance null']);
  });

  it('finds struct pages that are removed before the references are gone', () => {
    const text = onSmallPages('process P { unbind(d) }');
    const options = faulty(
      'function* percpu_ref_put_many__fault(device: DeviceId, count: number): Op { yield* atomic_add(dev_pagemap.ref, device, -1); }',
      'function* memunmap_wait__fault(device: DeviceId): Op { yield* load(dev_pagemap.ref, device); }',
    );
    expect(violationsOf(text, 'refcount', options)).toContain('pgmap-balance null');
  });
});

describe('memmap-after-teardown', () => {
  const text = onSmallPages(
    'process P { m = mmap(d, 0, 8K, rw) p = pin(m, 4K, 4K, write) unbind(d) unpin(p) }',
  );

  it('finds a pin that outlives the driver, under both schemes', () => {
    for (const scheme of ['devmap', 'refcount'] as const) {
      const { violations, verdict } = execute(text, scheme);
      expect(verdict).toBe('violated');
      expect(violations).toMatchObject([
        {
          property: 'memmap-after-teardown',
          page: 'd[1]',
          actors: ['P: unpin(p)', 'P: unbind(d)'],
        },
      ]);
    }
  });

  it('finds it on a device of a single page', () => {
    const small = text.replace('size=4M', 'size=8K');
    expect(execute(small, 'refcount').violations).toMatchObject([
      { property: 'memmap-after-teardown', page: 'd[1]' },
    ]);
  });

  it('fails nothing where the test declares it', () => {
    const declared = `${text}\nhazard memmap-after-teardown "unbind does not wait for pins"`;
    const { verdict, conditions, violations } = execute(declared, 'refcount');
    expect(verdict).toBe('ok');
    expect(conditions).toMatchObject([{ kind: 'hazard', holds: true }]);
    expect(violations).toHaveLength(1);
  });

  it('is all that is said of a page whose last reference is dropped after it', () => {
    const operations = ['get(m, 0, 4K) unbind(d) put(p)', 'vmsplice(m, 0, 4K) unbind(d)'];
    for (const operation of operations) {
      const dropped = onSmallPages(`process P { m = mmap(d, 0, 4K, rw) p = ${operation} }
        hazard memmap-after-teardown "unbind does not wait for references"`);
      for (const scheme of ['devmap', 'refcount'] as const) {
        const { violations, verdict } = execute(dropped, scheme);
        expect(violations).toMatchObject([{ property: 'memmap-after-teardown', page: 'd[0]' }]);
        expect(verdict).toBe('ok');
      }
    }
  });

  it('is a hazard of the scheme that it is declared for', () => {
    const declared = `${text}\nhazard[devmap] memmap-after-teardown "unbind does not wait for pins"`;
    expect(execute(declared, 'refcount').verdict).toBe('violated');
    expect(execute(declared, 'devmap').verdict).toBe('ok');
  });
});

describe('dma-to-reused', () => {
  it('finds a device that writes to a page of the next owner', () => {
    const text = onSmallPages(
      'process P { m = mmap(d, 0, 4K, rw) p = pin(m, 0, 4K, write) unbind(d) bind(d) dma_write(p, 0, 1) }',
    );
    expect(violationsOf(text, 'refcount', {})).toContain('dma-to-reused d[0]');
  });

  it('says nothing of a device that writes to what it pinned', () => {
    const text = onSmallPages(
      'process P { m = mmap(d, 0, 4K, rw) p = pin(m, 0, 4K, write) munmap(m) dma_write(p, 0, 1) unpin(p) }',
    );
    expect(violationsOf(text, 'refcount', {})).toEqual([]);
  });
});

describe('leak', () => {
  it('finds a pin that outlives every process', () => {
    const text = onSmallPages('process P { m = mmap(d, 0, 4K, rw) p = pin(m, 0, 4K, write) }');
    const options = faulty(
      'function* release_holders_of_mm__fault(mm: MmId): Op { yield* load(mm_struct.flags, 1); }',
    );
    expect(violationsOf(text, 'refcount', options)).toEqual(['leak d[0]']);
    expect(violationsOf(text, 'devmap', options)).toEqual(['leak d[0]']);
  });
});

describe('kernel-warning', () => {
  it('is what a WARN_ON says, with the page at hand', () => {
    const options = faulty(
      "function* folios_put_refs__fault(folio: Pfn, refs: number): Op { yield* folio_put_refs(folio, refs); WARN_ON_ONCE(refs === 1, 'a warning', folio); }",
    );
    const { violations } = execute(STORE_AND_UNMAP, 'refcount', options);
    expect(violations).toMatchObject([
      { property: 'kernel-warning', message: 'a warning', page: 'd[0]', actors: ['P: munmap(m)'] },
    ]);
  });
});

describe('hang', () => {
  it('is a thread that waits for what nobody does', () => {
    const options = faulty(
      'function* dev_pagemap_percpu_release__fault(device: DeviceId): Op { yield* load(dev_pagemap.done, device); }',
    );
    const { violations, verdict } = execute(onSmallPages('process P { unbind(d) }'), 'refcount', options);
    expect(verdict).toBe('violated');
    expect(violations).toMatchObject([{ property: 'hang', actors: ['P: unbind(d)'] }]);
    expect(violations[0]?.message).toMatch(
      /^P waits for d\.pgmap\.done to be set \(in memunmap_wait, common\/mm\/memremap\.ts:\d+; d\.pgmap\.percpu_ref is 0\)$/,
    );
  });

  it('is a barrier where somebody never arrives', () => {
    const text = onSmallPages('process P { barrier(x) barrier(x) } process Q { barrier(x) }');
    const { violations } = execute(text, 'refcount');
    expect(violations).toMatchObject([{ property: 'hang', message: 'P waits for barrier(x) (Q has ended)' }]);
  });
});

describe('deadlock', () => {
  const options = faulty(
    'function* sys_mlockall__fault(mm: MmId, flags: number): Op<number> { yield* spin_lock(dev_dax.device_lock, 0); yield* spin_lock(mm_struct.page_table_lock, mm); yield* spin_unlock(mm_struct.page_table_lock, mm); yield* spin_unlock(dev_dax.device_lock, 0); return 0; }',
    'function* sys_munlockall__fault(mm: MmId): Op<number> { yield* spin_lock(mm_struct.page_table_lock, mm); yield* spin_lock(dev_dax.device_lock, 0); yield* spin_unlock(dev_dax.device_lock, 0); yield* spin_unlock(mm_struct.page_table_lock, mm); return 0; }',
  );
  const text = onSmallPages('process P { thread A { mlockall(current) } thread B { munlockall() } }');

  it('is two threads that wait for each other’s lock', () => {
    const replay = {
      scheme: 'refcount' as const,
      runs: [
        { thread: 1, steps: 1 },
        { thread: 2, steps: 1 },
      ],
      seed: null,
    };
    const { violations } = execute(text, 'refcount', { ...options, replay });
    expect(violations).toMatchObject([
      { property: 'deadlock', actors: ['P.A: mlockall(current)', 'P.B: munlockall()'] },
    ]);
    expect(violations[0]?.message).toMatch(
      /^P\.A waits for P\.mm\.page_table_lock \(in sys_mlockall__fault, .*; P\.B holds it since sys_munlockall__fault, .*\); P\.B waits for d\.device_lock \(.*; P\.A holds it since .*\)$/,
    );
  });

  it('is two threads that wait at barriers where the other is missing', () => {
    const crossed = onSmallPages('process P { barrier(x) barrier(y) } process Q { barrier(y) barrier(x) }');
    const { violations } = execute(crossed, 'refcount');
    expect(violations).toMatchObject([{ property: 'deadlock', actors: ['P: barrier(x)', 'Q: barrier(y)'] }]);
    expect(violations[0]?.message).toBe(
      'P waits for barrier(x) (Q is missing); Q waits for barrier(y) (P is missing)',
    );
  });

  it('is none when somebody whom they wait for has exited', () => {
    const left = onSmallPages(
      'process P { barrier(x) barrier(y) } process Q { barrier(y) barrier(x) } process R { exit() barrier(x) barrier(y) }',
    );
    const { violations } = execute(left, 'refcount');
    expect(violations).toMatchObject([{ property: 'hang' }]);
    expect(violations[0]?.message).toContain('R has ended');
  });

  it('is also where the one who is missing would be started by one who waits', () => {
    const nested = onSmallPages(
      'process P { barrier(x) barrier(y) } process Q { barrier(y) thread A { barrier(x) } }',
    );
    const { violations } = execute(nested, 'refcount');
    expect(violations).toMatchObject([{ property: 'deadlock' }]);
    expect(violations[0]?.message).toBe(
      'P waits for barrier(x) (Q.A has not begun); Q waits for barrier(y) (P is missing)',
    );
  });

  it('needs the threads to come between each other', () => {
    expect(execute(text, 'refcount', options).violations).toEqual([]);
  });
});

describe('a violation', () => {
  it('comes with the steps that led to it', () => {
    const options = faulty(
      'function* folios_put_refs__fault(folio: Pfn, refs: number): Op { yield* folio_put_refs(folio, refs + 1); }',
    );
    const [violation] = execute(STORE_AND_UNMAP, 'refcount', options).violations;
    expect(violation?.trace.at(-1)).toMatchObject({
      thread: 'P',
      function: 'folio_ref_sub_and_test',
      file: 'common/include/mm.ts',
      changes: { 'd[0].refcount': [2, 0] },
    });
  });

  it('is one of a hundred that are kept; the others are counted', () => {
    const options = faulty(
      'function* folios_put_refs__fault(folio: Pfn, refs: number): Op { yield* folio_order(folio); }',
    );
    const text = onSmallPages('process P { m = mmap(d, 0, 1M, rw) madvise(m, POPULATE_WRITE) munmap(m) }');
    const { violations } = execute(text, 'refcount', options);
    expect(violations).toHaveLength(100);
    expect(violations.at(-1)?.message).toMatch(/\(and 412 violations more\)$/);
  });

  it('is reported once for its page, which is judged by the other properties from then on', () => {
    const options = faulty(
      'function* folios_put_refs__fault(folio: Pfn, refs: number): Op { yield* folio_put_refs(folio, refs + 1); }',
    );
    const text = onSmallPages(
      'process P { m = mmap(d, 0, 8K, rw) repeat 3 { store(m, 0, 1) store(m, 4K, 1) madvise(m, DONTNEED) } }',
    );
    expect(violationsOf(text, 'refcount', options)).toEqual([
      'free-page-reference d[0]',
      'free-page-reference d[1]',
    ]);
  });

  it('that the test declares ends the judging of its page by all properties', () => {
    const options = faulty(
      'function* folios_put_refs__fault(folio: Pfn, refs: number): Op { yield* folio_order(folio); }',
    );
    const text = `${STORE_AND_UNMAP}\nhazard reference-balance "nobody drops it"`;
    expect(violationsOf(text, 'refcount', options)).toEqual(['reference-balance d[0]']);
  });
});
