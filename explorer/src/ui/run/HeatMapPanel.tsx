import { type Shown, unitsLeft } from '../../session/shown.ts';
import { run, selection } from '../../session/signals.ts';
import { type HeatCell, heatMap } from '../../state/heatMap.ts';

/** The memory of the devices, folio by folio, with the refcounts of those that the test concerns. */
export function HeatMapPanel({ now }: { readonly now: Shown }) {
  const layout = run.value?.refcount.layout;
  if (layout === undefined) return null;
  const rest = unitsLeft.value === 0 ? 'never touched' : 'not shown';
  return (
    <section class="panel" aria-label="memory map">
      <h3>Memory map: refcounts</h3>
      <div class="schemes">
        {(['devmap', 'refcount'] as const).map((scheme) => (
          <div class={`${scheme} heat`} key={scheme}>
            {heatMap(layout, now[scheme].pages).map(({ device, cells }) => (
              <div class="heat-row" key={device}>
                <span class="mono quiet">{device}</span>
                <ul>
                  {cells.map((cell) => (
                    <Cell key={cell.kind === 'gap' ? cell.key : cell.unit} cell={cell} rest={rest} />
                  ))}
                </ul>
              </div>
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

function Cell({ cell, rest }: { readonly cell: HeatCell; readonly rest: string }) {
  if (cell.kind === 'gap') {
    return <li class="heat-gap">{`${cell.folios.toLocaleString('en')} ${rest}`}</li>;
  }
  const { name, count, heat } = cell;
  return (
    <li class={`heat-cell heat-${heat}${selection.value === name ? ' chosen' : ''}`}>
      <span class="unseen">{name}: </span>
      {heat === 0 ? '–' : count}
    </li>
  );
}
