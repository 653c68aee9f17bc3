import { markOfRun } from '../../check/conditionMark.ts';
import { run } from '../../session/signals.ts';
import { Values } from '../Values.tsx';

/** What the whole run made of the conditions of the test. */
export function ConditionsPanel() {
  const loaded = run.value;
  if (loaded === null) return null;
  const { timeline } = loaded;
  return (
    <section class="panel" aria-label="conditions">
      <h3>Conditions of the test, at the end of this run</h3>
      <div class="schemes">
        {(['devmap', 'refcount'] as const).map((scheme) => (
          <ul key={scheme} class="conditions">
            {timeline[scheme].conditions.map((condition) => (
              <li key={`${condition.line} ${condition.text}`}>
                {markOfRun(condition)} <code>{`${condition.kind} ${condition.text}`}</code>{' '}
                <Values values={condition.values} />
              </li>
            ))}
            {timeline[scheme].conditions.length === 0 && <li class="quiet">none</li>}
            {timeline[scheme].isCut && <li class="quiet">The run is longer than what is kept here.</li>}
          </ul>
        ))}
      </div>
    </section>
  );
}
