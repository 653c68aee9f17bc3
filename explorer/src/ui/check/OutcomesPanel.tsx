import type { Scheme } from '../../../../src/litmus/index.ts';
import { checks } from '../../check/checkSession.ts';
import { type OutcomeRow, outcomeTable } from '../../check/outcomeTable.ts';
import { openSchedule } from '../../session/session.ts';

const SCHEMES = ['devmap', 'refcount'] as const;
const ROWS_SHOWN = 100;

/** Every distinct end, with an execution that leads there. */
export function OutcomesPanel() {
  const results = SCHEMES.flatMap((scheme) => {
    const state = checks.value[scheme];
    return state.kind === 'done' && state.answer.result.error === undefined ? [state.answer.result] : [];
  });
  const rows = outcomeTable(results);
  if (rows.length === 0) return null;
  const names = Object.keys(rows[0]?.registers ?? {});
  return (
    <section class="panel" aria-label="outcomes">
      <h3>
        Outcomes: {rows.length} distinct {rows.length === 1 ? 'end' : 'ends'}
      </h3>
      <div class="scroll">
        <table class="outcomes">
          <thead>
            <tr>
              {names.map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
              {SCHEMES.map((scheme) => (
                <th scope="col" key={scheme} class={`scheme-${scheme}`}>
                  {scheme}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, ROWS_SHOWN).map((row) => (
              <tr key={JSON.stringify(row.registers)}>
                {names.map((name) => (
                  <td key={name}>{row.registers[name] ?? 'unset'}</td>
                ))}
                {SCHEMES.map((scheme) => (
                  <td key={scheme}>
                    <Witness
                      scheme={scheme}
                      row={row}
                      wasChecked={results.some((one) => one.scheme === scheme)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > ROWS_SHOWN && <p class="quiet small">{rows.length - ROWS_SHOWN} more are not shown.</p>}
    </section>
  );
}

interface WitnessProperties {
  readonly scheme: Scheme;
  readonly row: OutcomeRow;
  readonly wasChecked: boolean;
}

function Witness({ scheme, row, wasChecked }: WitnessProperties) {
  const replay = row.witnesses[scheme];
  if (replay === undefined) return <span class="quiet">{wasChecked ? 'never' : '–'}</span>;
  return (
    <button
      type="button"
      class="button"
      aria-label={`show an execution under ${scheme}`}
      onClick={() => void openSchedule(scheme, replay, 'end')}
    >
      show
    </button>
  );
}
