import type { Shown } from '../../session/shown.ts';
import type { Fact, MachineView } from '../../state/machineView.ts';

interface Properties {
  readonly title: string;
  readonly facts: (view: MachineView) => readonly Fact[];
  readonly now: Shown;
  readonly before: Shown;
}

/** Lines of facts, scheme beside scheme; nothing where neither has any. */
export function FactsPanel({ title, facts, now, before }: Properties) {
  const columns = (['devmap', 'refcount'] as const).map((scheme) => ({
    scheme,
    lines: facts(now[scheme]),
    earlier: new Map(facts(before[scheme]).map(({ key, text }) => [key, text])),
  }));
  if (columns.every(({ lines }) => lines.length === 0)) return null;
  return (
    <section class="panel" aria-label={title}>
      <h3>{title}</h3>
      <div class="schemes">
        {columns.map(({ scheme, lines, earlier }) => (
          <dl class={`${scheme} facts`} key={scheme}>
            {lines.map(({ key, name, text }) => (
              <div key={key} class={earlier.get(key) === text ? '' : 'changed'}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
            {lines.length === 0 && <div class="quiet">none</div>}
          </dl>
        ))}
      </div>
    </section>
  );
}
