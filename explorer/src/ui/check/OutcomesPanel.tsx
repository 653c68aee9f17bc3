import type { Scheme } from '../../../../src/litmus/index.ts';
import type { TestResult } from '../../../../src/litmus/output/index.ts';
import { checks } from '../../check/checkSession.ts';
import { type OutcomeRow, outcomeTable } from '../../check/outcomeTable.ts';
import { valueText } from '../../check/valueText.ts';
import { openSchedules } from '../../session/executing.ts';

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
              <th scope="col" class="kept">
                <span class="unseen">witness</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, ROWS_SHOWN).map((row) => (
              <tr key={JSON.stringify(row.registers)}>
                {names.map((name) => (
                  <td key={name}>{valueText(row.registers[name])}</td>
                ))}
                {SCHEMES.map((scheme) => (
                  <td key={scheme}>{seenText(row, scheme, results)}</td>
                ))}
                <td class="kept">
                  <button
                    type="button"
                    class="button"
                    aria-label="show an execution that ends so"
                    onClick={() => void openSchedules(row.witnesses, 'end')}
                  >
                    show
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > ROWS_SHOWN && <p class="quiet small">{rows.length - ROWS_SHOWN} more are not shown.</p>}
    </section>
  );
}

/** Whether executions of a scheme end so. One that breaks something ends where it does, so nothing is sure then. */
function seenText(row: OutcomeRow, scheme: Scheme, results: readonly TestResult[]): string {
  const result = results.find((one) => one.scheme === scheme);
  if (row.witnesses[scheme] !== undefined) return '✓ happens';
  if (result === undefined) return '–';
  const isSure = result.stats.complete && result.verdict === 'ok';
  return isSure ? '✗ never' : 'not seen';
}
