import type { MachineView } from './machineView.ts';
import type { PageCard, ReferenceToken, TokenKind } from './pageCards.ts';

/** What is not the same under both schemes, in words, the most telling first. */
export function differences(devmap: MachineView, refcount: MachineView): string[] {
  return refcount.pages.flatMap((card, at) => {
    const other = devmap.pages[at];
    const text = other === undefined ? null : ofPage(other, card);
    return text === null ? [] : [text];
  });
}

function ofPage(devmap: PageCard, refcount: PageCard): string | null {
  if (!devmap.isOwned || !refcount.isOwned || aboveIdle(devmap) === aboveIdle(refcount)) return null;
  const counts = countsText(devmap, refcount);
  const only = onlyIn(refcount, devmap);
  const others = onlyIn(devmap, refcount);
  if (only.length > 0)
    return `${counts}: ${listed(only)} ${only.length === 1 ? 'counts' : 'count'} only there`;
  return others.length === 0 ? counts : `${counts}: only devmap has ${listed(others)}`;
}

/** Who uses a page: an idle page of a file has a count of 1 under devmap, and of 0 under refcount. */
function aboveIdle({ refcount, tokens }: PageCard): number {
  return refcount - baseOf(tokens);
}

function baseOf(tokens: readonly ReferenceToken[]): number {
  return tokens.find(({ kind }) => kind === 'base')?.adds ?? 0;
}

function countsText(devmap: PageCard, refcount: PageCard): string {
  const { name } = refcount;
  if (baseOf(devmap.tokens) === baseOf(refcount.tokens))
    return `${name} has ${references(devmap.refcount)} under devmap and ${refcount.refcount} under refcount`;
  const [one, other] = [aboveIdle(devmap), aboveIdle(refcount)];
  return `${name} has ${references(one)} more than an idle page under devmap and ${other} more under refcount`;
}

/** What adds to the count of one card and not to that of the other. */
function onlyIn(card: PageCard, other: PageCard): ReferenceToken[] {
  const counted = ({ tokens }: PageCard): ReferenceToken[] => tokens.filter(({ isCounted }) => isCounted);
  const known = new Set(counted(other).map(({ kind, label }) => `${kind} ${label}`));
  return counted(card).filter(({ kind, label }) => !known.has(`${kind} ${label}`));
}

function references(count: number): string {
  return count === 1 ? '1 reference' : `${count} references`;
}

const NOUNS: Readonly<Record<TokenKind, string>> = {
  base: 'the ',
  mapping: 'the mapping ',
  get: 'the get ',
  pin: 'the pin ',
  flight: 'a reference ',
};

function listed(tokens: readonly ReferenceToken[]): string {
  const names = tokens.slice(0, 2).map(({ kind, label }) => `${NOUNS[kind]}${label}`);
  const more = tokens.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(' and ');
}
