import { backToTurns } from '../../session/executing.ts';
import { move, moveTo, scrubTo } from '../../session/moving.ts';
import { granularity, isPlaying, type LoadedRun, row, schedules } from '../../session/signals.ts';
import { firstBrokenRow, GRANULARITIES, operationAt } from '../../timeline/timeline.ts';
import { Lanes } from './Lanes.tsx';

/** The time axis: where the page stands, and everything that moves it. */
export function TimelineBar({ loaded }: { readonly loaded: LoadedRun }) {
  const { timeline } = loaded;
  const last = timeline.rows.length - 1;
  const broken = firstBrokenRow(timeline);
  return (
    <section class="timeline" aria-label="timeline">
      <div class="controls">
        <button type="button" class="button round" aria-label="step back" onClick={() => move(-1)}>
          ←
        </button>
        <button
          type="button"
          class="button round"
          aria-label={isPlaying.value ? 'pause' : 'play'}
          onClick={() => {
            isPlaying.value = !isPlaying.value;
          }}
        >
          {isPlaying.value ? '❚❚' : '▶'}
        </button>
        <button type="button" class="button round" aria-label="step forward" onClick={() => move(1)}>
          →
        </button>
        <fieldset class="length">
          <legend class="unseen">length of a step</legend>
          {GRANULARITIES.map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="granularity"
                checked={granularity.value === name}
                onChange={() => {
                  granularity.value = name;
                }}
              />
              {name}
            </label>
          ))}
        </fieldset>
        <span class="keys quiet small">← → step · ⇧ operation · Home End · space plays</span>
        {broken !== null && (
          <button type="button" class="button" onClick={() => moveTo(broken)}>
            ✗ first broken property
          </button>
        )}
        {Object.keys(schedules.value).length > 0 && (
          <button type="button" class="button" onClick={() => void backToTurns()}>
            Back to turns
          </button>
        )}
        <span class="place quiet">
          {row.value} of {last}
        </span>
      </div>
      <Lanes timeline={timeline}>
        <input
          type="range"
          min={0}
          max={last}
          value={row.value}
          aria-label="place on the timeline"
          aria-valuetext={`${row.value} of ${last}: ${operationAt(timeline, row.value)?.text ?? 'the beginning'}`}
          onInput={(event) => scrubTo(Number(event.currentTarget.value))}
        />
      </Lanes>
    </section>
  );
}
