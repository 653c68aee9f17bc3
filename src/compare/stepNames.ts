import type { PageCounts, Step } from '../litmus/output/index.ts';
import { listedPages } from '../litmus/output/pages.ts';

/**
 * The folios that a step lists, by names that mean the same to every kernel: pages of a file system's device by what they
 * back, since each kernel puts files elsewhere. In the order of the names.
 */
export function namedFolios({
  pages,
  backs,
}: Step): readonly (readonly [name: string, counts: PageCounts])[] {
  return listedPages(pages)
    .map(([folio, counts]) => [backs?.[folio] ?? folio, counts] as const)
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

/** A step's result in the same way, where that is a page of a file. */
export function namedResult({ op, result, backs = {} }: Step): number | string | null {
  if (op !== 'pagemap') return result;
  return Object.entries(backs).find(([folio]) => folio.endsWith(`[${result}]`))?.[1] ?? result;
}
