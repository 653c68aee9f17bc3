import type { PageCounts, Step } from '../litmus/output/index.ts';
import { listedPages } from '../litmus/output/pages.ts';

/**
 * The folios that a step lists, by names that mean the same to every kernel: pages of a file system's device by what they
 * back, since each kernel puts files elsewhere. In the order of the names. Of a page that has become part of a larger folio
 * in that step it is left out what is said: it is none by itself any more.
 */
export function namedFolios({
  pages,
  backs,
}: Step): readonly (readonly [name: string, counts: PageCounts])[] {
  const listed = listedPages(pages);
  const larger = listed.filter(([, { order }]) => order > 0);
  return listed
    .filter(([folio]) => !larger.some((other) => isInside(folio, other)))
    .map(([folio, counts]) => [backs?.[folio] ?? folio, counts] as const)
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

/** The device of a folio: `d` of `d[512]`. */
export function deviceOf(folio: string): string {
  return folio.slice(0, folio.lastIndexOf('['));
}

interface Place {
  readonly device: string;
  readonly first: number;
}

/** `d[512]`: the device, and the page of it. */
function placeOf(folio: string): Place {
  const device = deviceOf(folio);
  return { device, first: Number(folio.slice(device.length + 1, -1)) };
}

function isInside(folio: string, [larger, { order }]: readonly [string, PageCounts]): boolean {
  const [one, other] = [placeOf(folio), placeOf(larger)];
  return one.device === other.device && other.first < one.first && one.first < other.first + 2 ** order;
}

/** A step's result in the same way, where that is a page of a file. */
export function namedResult({ op, result, backs = {} }: Step): number | string | null {
  if (op !== 'pagemap') return result;
  return Object.entries(backs).find(([folio]) => folio.endsWith(`[${result}]`))?.[1] ?? result;
}
