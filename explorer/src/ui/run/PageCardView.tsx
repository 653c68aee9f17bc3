import type { Scheme } from '../../../../src/litmus/index.ts';
import { selection } from '../../session/signals.ts';
import type { PageCard, ReferenceToken } from '../../state/pageCards.ts';

interface Properties {
  readonly scheme: Scheme;
  readonly card: PageCard;
  readonly before: PageCard | undefined;
}

/** One folio: its refcount, and every reason for it. */
export function PageCardView({ scheme, card, before }: Properties) {
  if (!card.isOwned) return <GoneCard scheme={scheme} card={card} />;
  const isChanged = before !== undefined && JSON.stringify(before) !== JSON.stringify(card);
  const delta = card.refcount - (before?.isOwned === true ? before.refcount : card.refcount);
  const isChosen = selection.value === card.name;
  return (
    <article
      class={`card${isChanged ? ' changed' : ''}${isChosen ? ' chosen' : ''}`}
      aria-label={`${card.name} under ${scheme}`}
      data-refcount={card.refcount}
    >
      <header>
        <button
          type="button"
          aria-pressed={isChosen}
          onClick={() => {
            selection.value = isChosen ? null : card.name;
          }}
        >
          {card.name}
        </button>
        {isChanged && <span class="unseen">changed</span>}
        <span class="count">
          <span class="unseen">refcount </span>
          {card.refcount}
        </span>
        {delta !== 0 && (
          <span class="delta">
            {delta > 0 ? '▲ +' : '▼ −'}
            {Math.abs(delta)}
          </span>
        )}
      </header>
      {card.owner !== '' && <p class="owner">{card.owner}</p>}
      <ul class="tokens" aria-label="what the refcount is made of">
        {card.tokens.map((token, at) => (
          <Token key={`${token.kind}${token.label}${at}`} token={token} />
        ))}
      </ul>
      <footer>
        <Count name="mapcount" now={card.mapcount} before={before?.mapcount} />
        {' · '}
        <Count name="pincount" now={card.pincount} before={before?.pincount} />
        {' · '}
        <Count name="order" now={card.order} before={before?.order} />
        {' · '}
        mapping {card.mapping === null ? 'none' : `${card.mapping}, index ${card.index}`}
        {card.translations > 0 && (
          <>
            {' · '}
            <Count name="TLB entries" now={card.translations} before={before?.translations} />
          </>
        )}
      </footer>
    </article>
  );
}

function Token({ token }: { readonly token: ReferenceToken }) {
  const { kind, label, adds, isCounted } = token;
  const value = kind === 'base' ? `${adds}` : adds < 0 ? `−${-adds}` : `+${adds}`;
  return (
    <li class={`token ${kind}${isCounted ? '' : ' uncounted'}`}>
      {isCounted && <b>{value}</b>}
      <span>
        {kind === 'get' || kind === 'pin' ? `${kind} ` : ''}
        {label}
        {isCounted ? '' : ', not counted'}
      </span>
    </li>
  );
}

function Count({
  name,
  now,
  before,
}: {
  readonly name: string;
  readonly now: number;
  readonly before: number | undefined;
}) {
  const isChanged = before !== undefined && before !== now;
  return isChanged ? (
    <em>
      {name} {before} → {now}
    </em>
  ) : (
    <span>
      {name} {now}
    </span>
  );
}

function GoneCard({ scheme, card }: { readonly scheme: Scheme; readonly card: PageCard }) {
  return (
    <article class="card gone" aria-label={`${card.name} under ${scheme}`}>
      <header>
        <span class="mono">{card.name}</span>
      </header>
      <p class="small">No driver has this memory: there is no struct page.</p>
      <ul class="tokens">
        {card.tokens.map((token, at) => (
          <Token key={`${token.label}${at}`} token={token} />
        ))}
      </ul>
    </article>
  );
}
