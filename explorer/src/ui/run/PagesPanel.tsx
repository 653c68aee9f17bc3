import { run, type Shown } from '../../session/session.ts';
import { PageCardView } from './PageCardView.tsx';

/** The cards of all folios that the test concerns, scheme beside scheme. */
export function PagesPanel({ now, before }: { readonly now: Shown; readonly before: Shown }) {
  const left = run.value?.unitsLeft ?? 0;
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
      {left > 0 && <p class="quiet small">{left} more folios are not shown.</p>}
    </section>
  );
}
