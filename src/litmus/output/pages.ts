import type { PageCounts, Pages } from './document.ts';

/** Key under which the number of folios stands that a page list leaves out. */
export const MORE_PAGES = 'more';

/** Folios that a page list names. */
export const LISTED_PAGES = 1_000;

/** A page list: the first 1,000 folios, and how many there are besides. */
export function listPages(folios: Iterable<readonly [folio: string, counts: PageCounts]>): Pages {
  const pages: Record<string, PageCounts | number> = {};
  let listed = 0;
  let more = 0;
  for (const [folio, counts] of folios) {
    if (listed < LISTED_PAGES) {
      pages[folio] = counts;
      listed += 1;
    } else {
      more += 1;
    }
  }
  if (more > 0) {
    pages[MORE_PAGES] = more;
  }
  return pages;
}

/** The folios that a page list names, in its order. */
export function listedPages(pages: Pages): readonly (readonly [folio: string, counts: PageCounts])[] {
  const listed: (readonly [string, PageCounts])[] = [];
  for (const [folio, counts] of Object.entries(pages)) {
    if (typeof counts !== 'number') {
      listed.push([folio, counts]);
    }
  }
  return listed;
}

/** How many folios a page list leaves out. */
export function unlistedPages(pages: Pages): number {
  const more = pages[MORE_PAGES];
  return typeof more === 'number' ? more : 0;
}
