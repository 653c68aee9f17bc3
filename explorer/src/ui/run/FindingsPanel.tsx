import type { Shown } from '../../session/shown.ts';

/** The properties that are broken in this state or were before; nothing where none is. */
export function FindingsPanel({ now }: { readonly now: Shown }) {
  if (now.devmap.findings.length === 0 && now.refcount.findings.length === 0) return null;
  return (
    <section class="panel" aria-label="broken properties">
      <h3>Broken properties</h3>
      <div class="schemes">
        {(['devmap', 'refcount'] as const).map((scheme) => (
          <div key={scheme}>
            {now[scheme].findings.map(({ property, message, page, declared, step }) => (
              <p key={`${step} ${message}`} class={`finding${declared ? ' declared' : ''}`}>
                <b>✗ {property}</b> {page === null ? '' : `${page}: `}
                {message}
                {declared && <span class="quiet"> The test declares it as a hazard of Linux.</span>}
              </p>
            ))}
            {now[scheme].findings.length === 0 && <p class="quiet small">✓ none under {scheme}</p>}
          </div>
        ))}
      </div>
    </section>
  );
}
