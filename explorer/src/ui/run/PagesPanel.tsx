import { type Shown, showMoreCards, shownUnits, unitsLeft } from '../../session/shown.ts';
import { PageCardView } from './PageCardView.tsx';

/** The cards of all folios that the test concerns, scheme beside scheme. */
export function PagesPanel({ now, before }: { readonly now: Shown; readonly before: Shown }) {
  const left = unitsLeft.value;
  const next = Math.min(left, shownUnits.value.length);
  return (
    <section class="panel" aria-label="pages and who holds them">
      <h3>Pages, and who holds them</h3>
      <div class="schemes">
        {(['devmap', 'refcount'] as const).map((scheme) => (
          <div class={`${scheme} cards`} key={scheme}>
            {now[scheme].pages.map((card, at) => (
              <PageCardView key={card.unit} scheme={scheme} card={card} before={before[scheme].pages[at]} />
            ))}
            {now[scheme].pages.length === 0 && <p class="quiet">This test never touches a page.</p>}
          </div>
        ))}
      </div>
      {left > 0 && (
        <p class="actions">
          <button type="button" class="button" onClick={showMoreCards}>
            Show {next} more
          </button>
          <span class="quiet small">{left} folios of this test have no card yet</span>
        </p>
      )}
    </section>
  );
}
