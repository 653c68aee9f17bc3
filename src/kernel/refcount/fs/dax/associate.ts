import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import { linear_page_index } from '../../../common/drivers/dax/device.ts';
import {
  dax_entry_order,
  dax_entry_size,
  dax_is_empty_entry,
  dax_is_zero_entry,
  dax_to_pfn,
} from '../../../common/fs/dax/entries.ts';
import { folio_order, folio_ref_count, page_folio } from '../../../common/include/mm.ts';
import { NO_PAGE } from '../../../common/include/vm_normal_page.ts';
import { dismantle_compound_page, first_page_above, set_page_pgmaps } from '../../../state/dax_folio.ts';
import type { MappingId, Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';
import { prep_compound_page } from '../../mm/page_alloc.ts';

/*
 * Whose the folio behind an entry is. It is built as large as the entry of the first file that gets it, and made small pages
 * again when no file has it any more. Of a block that files share another file may have a page alone, whose folio is the
 * large one then.
 */

/** The folio behind an entry. Linux: fs/dax.c dax_to_folio (7.2). */
export function* dax_to_folio(entry: number): Op<Pfn> {
  return yield* page_folio(dax_to_pfn(entry));
}

/** Whether an entry has no folio of a file: a hole, or a lock alone. Linux: fs/dax.c dax_associate_entry, dax_disassociate_entry (7.2), their first test. */
export function dax_entry_has_no_folio(entry: number): boolean {
  return dax_is_zero_entry(entry) || dax_is_empty_entry(entry);
}

/**
 * Notes in the folio of an entry whose it is, or that one file more has it if it is `shared`. The caller holds xa_lock,
 * and the entry locked.
 * Linux: fs/dax.c dax_associate_entry (7.2).
 */
export function* dax_associate_entry(
  entry: number,
  mapping: MappingId,
  vma: VmaId,
  address: Vaddr,
  shared: number,
): Op {
  if (dax_entry_has_no_folio(entry)) return;
  const folio = yield* dax_to_folio(entry);
  const index = yield* linear_page_index(vma, address - (address % dax_entry_size(entry)));
  if (shared && (yield* dax_folio_has_owner(folio))) {
    yield* dax_folio_share(entry, folio);
    return;
  }
  const owned = (yield* load(page.mapping, folio)) !== 0;
  WARN_ON_ONCE(owned, 'dax_associate_entry: the folio has an owner', folio);
  yield* dax_folio_init(entry, folio);
  yield* store(page.mapping, folio, mapping);
  yield* store(page.index, folio, index);
}

/** 1 if a folio is some file's already, or several files'. Linux: fs/dax.c dax_associate_entry (7.2), its test. */
export function* dax_folio_has_owner(folio: Pfn): Op<number> {
  if (yield* load(page.mapping, folio)) return 1;
  return yield* dax_folio_is_shared(folio);
}

/** 1 if several files have a folio. Linux: fs/dax.c dax_folio_is_shared (7.2). */
export function* dax_folio_is_shared(folio: Pfn): Op<number> {
  if (yield* load(page.mapping, folio)) return 0;
  return (yield* load(page.share, folio)) !== 0 ? 1 : 0;
}

/** One more file has a folio. Linux: fs/dax.c dax_associate_entry (7.2), its shared folios. */
export function* dax_folio_share(entry: number, folio: Pfn): Op {
  if (yield* load(page.mapping, folio)) yield* dax_folio_make_shared(folio);
  const other_order = (yield* folio_order(folio)) !== dax_entry_order(entry);
  WARN_ON_ONCE(other_order, 'dax_associate_entry: the folio is of another order', folio);
  yield* store(page.share, folio, (yield* load(page.share, folio)) + 1);
}

/**
 * Turns a folio that one file has into one that counts its files. The kernel keeps that count where the index was.
 * Linux: fs/dax.c dax_folio_make_shared (7.2).
 */
export function* dax_folio_make_shared(folio: Pfn): Op {
  yield* store(page.mapping, folio, 0);
  yield* store(page.index, folio, 0);
  yield* store(page.share, folio, 1);
}

/**
 * Builds the folio of an entry. Whether somebody holds it, its first page alone is asked, and afterwards.
 * Linux: fs/dax.c dax_folio_init (7.2).
 */
export function* dax_folio_init(entry: number, folio: Pfn): Op {
  const large = (yield* folio_order(folio)) !== 0;
  WARN_ON_ONCE(large, 'dax_folio_init: the folio is large already', folio);
  const order = dax_entry_order(entry);
  if (order === 0) return;
  yield* prep_compound_page(folio, order);
  const held = (yield* folio_ref_count(folio)) !== 0;
  WARN_ON_ONCE(held, 'dax_folio_init: somebody holds the folio', folio);
}

/**
 * A file loses a folio; the last one makes small pages of it. Files that have it still.
 * Linux: fs/dax.c dax_folio_put (7.2).
 */
export function* dax_folio_put(folio: Pfn): Op<number> {
  if (yield* dax_folio_is_shared(folio)) {
    const share = (yield* load(page.share, folio)) - 1;
    yield* store(page.share, folio, share);
    if (share !== 0) return share;
  }
  const order = yield* dax_folio_reset_order(folio);
  const held = yield* first_page_above(folio, 1 << order, 0);
  WARN_ON_ONCE(held !== NO_PAGE, 'dax_folio_put: somebody holds a page of the folio', held);
  return 0;
}

/**
 * Makes small pages without an owner of a folio; log2 of the pages that it had. Nobody may hold a reference of it, since
 * the counts of a large folio and those of small ones are different words.
 * Linux: fs/dax.c dax_folio_reset_order (7.2).
 */
export function* dax_folio_reset_order(folio: Pfn): Op<number> {
  const order = yield* folio_order(folio);
  const pgmap = yield* load(page.pgmap, folio);
  yield* dismantle_compound_page(folio, order);
  if (order !== 0) yield* set_page_pgmaps(folio, 1 << order, pgmap);
  return order;
}

/**
 * Notes in the folio of an entry that a file loses it. The caller holds xa_lock.
 * Linux: fs/dax.c dax_disassociate_entry (7.2).
 */
export function* dax_disassociate_entry(entry: number, _mapping: MappingId, _trunc: number): Op {
  if (dax_entry_has_no_folio(entry)) return;
  yield* dax_folio_put(yield* dax_to_folio(entry));
}
