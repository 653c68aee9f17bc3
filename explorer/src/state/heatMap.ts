import type { Layout, Unit } from '../../../src/run/observe/layout.ts';
import type { PageCard } from './pageCards.ts';

/** How much a cell stands out: 0 no struct page, 1 idle, 2 a few references, 3 many, 4 below what an idle page has. */
export type Heat = 0 | 1 | 2 | 3 | 4;

/** Neighbouring folios of which nothing has ever been asked, or one folio. */
export type HeatCell =
  | {
      readonly kind: 'folio';
      readonly unit: Unit;
      readonly name: string;
      readonly count: number;
      readonly heat: Heat;
    }
  | { readonly kind: 'gap'; readonly key: string; readonly folios: number };

/** The memory map of one device. */
export interface HeatRow {
  readonly device: string;
  readonly cells: readonly HeatCell[];
}

/** From here on references are many: one pin of a small folio alone is 1024. */
const MANY = 1024;

/** The devices as rows of their folios in order, with their refcounts; what no execution concerns is drawn together. */
export function heatMap(layout: Layout, cards: readonly PageCard[]): HeatRow[] {
  return layout.extents.map(({ name, firstUnit, endUnit }) => {
    const cells: HeatCell[] = [];
    let next = firstUnit;
    const gapUpTo = (unit: Unit): void => {
      if (unit > next) cells.push({ kind: 'gap', key: `gap ${next}`, folios: unit - next });
    };
    for (const card of cards) {
      if (card.unit < firstUnit || card.unit >= endUnit) continue;
      gapUpTo(card.unit);
      cells.push({
        kind: 'folio',
        unit: card.unit,
        name: card.name,
        count: card.refcount,
        heat: heatOf(card),
      });
      next = card.unit + 1;
    }
    gapUpTo(endUnit);
    return { device: name, cells };
  });
}

function heatOf({ isOwned, refcount, tokens }: PageCard): Heat {
  if (!isOwned) return 0;
  const base = tokens.find(({ kind }) => kind === 'base')?.adds ?? 1;
  if (refcount < base) return 4;
  if (refcount === base) return 1;
  return refcount < MANY ? 2 : 3;
}
