import type { MachineView } from './machineView.ts';
import type { PageCard, ReferenceToken } from './pageCards.ts';

/** What is not the same under both schemes, in words, the most telling first. */
export function differences(devmap: MachineView, refcount: MachineView): string[] {
  return refcount.pages.flatMap((card, at) => {
    const other = devmap.pages[at];
    const text = other === undefined ? null : ofPage(other, card);
    return text === null ? [] : [text];
  });
}

function ofPage(devmap: PageCard, refcount: PageCard): string | null {
  if (!devmap.isOwned || !refcount.isOwned || devmap.refcount === refcount.refcount) return null;
  const counted = refcount.tokens.filter(({ kind, isCounted }) => kind === 'mapping' && isCounted);
  const counts = `${refcount.name} has ${references(devmap.refcount)} under devmap and ${refcount.refcount} under refcount`;
  if (counted.length === 0) return counts;
  const names = listed(counted);
  const isOne = counted.length === 1;
  return `${counts}: ${isOne ? 'the mapping' : 'the mappings'} ${names} ${isOne ? 'counts' : 'count'} only there`;
}

function references(count: number): string {
  return count === 1 ? '1 reference' : `${count} references`;
}

function listed(tokens: readonly ReferenceToken[]): string {
  const names = tokens.slice(0, 2).map(({ label }) => label);
  const more = tokens.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(' and ');
}
