import { type Op, primitive } from '../../machine/primitive.ts';
import { PG_head } from './memmap.ts';
import type { MappingId, Pfn } from './numbers.ts';
import { OVERLAID_PGMAP, page } from './page.ts';

/*
 * What fs/dax.c does to all pages of an entry in a loop, as one step. The entry's lock keeps nobody from holding one of the
 * pages, or from letting go of it meanwhile, nor another file, whose lock is another one, from taking the same pages of a
 * block that both share. Who has to do with one page comes before the loop gets there or after, as he comes before this step
 * or after it. Left out is what is seen by who has to do with several pages while the loop is between them and, under the devmap
 * scheme, what two files do to the share count of one page at the same instant.
 */

/** page.mapping of a page that several files have; no address_space has that number (PAGE_MAPPING_DAX_SHARED, up to 6.14). */
export const PAGE_MAPPING_DAX_SHARED = -1;

/** The first of `nr` pages that has more than `limit` references, or -1. */
export const first_page_above: (pfn: Pfn, nr: number, limit: number) => Op<Pfn> = primitive(
  (machine, pfn, nr, limit) => {
    const { _refcount } = machine.memory.of(page);
    for (let at = pfn; at < pfn + nr; at++) if (_refcount.get(at) > limit) return at;
    return -1;
  },
);

/** Gives `nr` pages to a file, from its page `index` on; the first of them that had an owner, or -1. */
export const set_page_mappings: (pfn: Pfn, nr: number, mapping: MappingId, index: number) => Op<number> =
  primitive((machine, pfn, nr, mapping, index) => {
    const pages = machine.memory.of(page);
    let owned: Pfn = -1;
    for (let i = 0; i < nr; i++) {
      if (owned < 0 && pages.mapping.get(pfn + i) !== 0) owned = pfn + i;
      pages.mapping.set(pfn + i, mapping);
      pages.index.set(pfn + i, index + i);
    }
    return owned;
  });

/** One more file has `nr` pages, each of which counts its files (dax_page_share_get). */
export const dax_page_share_get: (pfn: Pfn, nr: number) => Op = primitive((machine, pfn, nr) => {
  const { mapping, index, share } = machine.memory.of(page);
  for (let at = pfn; at < pfn + nr; at++) {
    if (mapping.get(at) !== PAGE_MAPPING_DAX_SHARED) {
      share.set(at, mapping.get(at) === 0 ? 0 : 1);
      mapping.set(at, PAGE_MAPPING_DAX_SHARED);
      index.set(at, 0);
    }
    share.set(at, share.get(at) + 1);
  }
});

/**
 * A file loses `nr` pages: those that it shares with others count one less, all others have no owner any more; the first
 * that had another one, or -1 (dax_page_share_put, and what dax_disassociate_entry does about its answer).
 */
export const clear_page_mappings: (pfn: Pfn, nr: number, owner: MappingId) => Op<number> = primitive(
  (machine, pfn, nr, owner) => {
    const { mapping, index, share } = machine.memory.of(page);
    let strange: Pfn = -1;
    for (let at = pfn; at < pfn + nr; at++) {
      const before = mapping.get(at);
      if (before === PAGE_MAPPING_DAX_SHARED) {
        share.set(at, share.get(at) - 1);
        if (share.get(at) > 0) continue;
      } else if (strange < 0 && before !== 0 && before !== owner) strange = at;
      mapping.set(at, 0);
      index.set(at, 0);
    }
    return strange;
  },
);

/**
 * Makes the tails of one folio of `2 ** order` pages, whoever has one of them, and its head known for one; what the head
 * counts is still to be set (prep_compound_page, its loop over prep_compound_tail).
 */
export const prep_compound_tails: (head: Pfn, order: number) => Op = primitive((machine, head, order) => {
  const pages = machine.memory.of(page);
  pages.flags.set(head, pages.flags.get(head) | PG_head);
  pages.order.set(head, order);
  for (let tail = head + 1; tail < head + 2 ** order; tail++) {
    pages.mapping.set(tail, 0);
    pages.compound_head.set(tail, head + 1);
    pages.pgmap.set(tail, OVERLAID_PGMAP);
  }
});

/**
 * Makes small folios of a folio's pages again, none of which has an owner, and the tails no pgmap (folio_reset_order, and the loop
 * that follows it, but for its pgmap).
 */
export const dismantle_compound_page: (head: Pfn, order: number) => Op = primitive((machine, head, order) => {
  const pages = machine.memory.of(page);
  pages.flags.set(head, pages.flags.get(head) & ~PG_head);
  pages.order.set(head, 0);
  for (let at = head; at < head + 2 ** order; at++) {
    if (at !== head) pages.pgmap.set(at, 0);
    pages.compound_head.set(at, 0);
    pages.mapping.set(at, 0);
    pages.index.set(at, 0);
    pages.share.set(at, 0);
  }
});

/** Gives `nr` pages their pgmap back: a device number plus 1 (dax_folio_reset_order, the rest of its loop). */
export const set_page_pgmaps: (pfn: Pfn, nr: number, pgmap: number) => Op = primitive(
  (machine, pfn, nr, pgmap) => {
    const pages = machine.memory.of(page);
    for (let at = pfn; at < pfn + nr; at++) pages.pgmap.set(at, pgmap);
  },
);
