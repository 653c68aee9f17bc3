import { batch, effect } from '@preact/signals';
import { type Granularity, rowFrom } from '../timeline/timeline.ts';
import { granularity, isPlaying, row, rowBefore, run } from './signals.ts';

/** Between two steps while playing. */
const PLAY_MILLISECONDS = 700;

/** Goes one step of the chosen length, or of another one. */
export function move(direction: 1 | -1, length: Granularity = granularity.value): void {
  if (run.value !== null) show(rowFrom(run.value.timeline, row.value, length, direction), length);
}

export function moveTo(at: number): void {
  show(at, granularity.value);
}

let wanted: number | undefined;

/** Goes to a row with the next frame: however fast somebody drags, each frame shows the last place only. */
export function scrubTo(at: number): void {
  if (wanted === undefined) {
    requestAnimationFrame(() => {
      const place = wanted;
      wanted = undefined;
      if (place !== undefined) moveTo(place);
    });
  }
  wanted = at;
}

/** Shows a row, compared with where the last step of that length began. */
export function show(at: number, length: Granularity): void {
  const loaded = run.value;
  if (loaded === null) return;
  batch(() => {
    row.value = Math.max(0, Math.min(at, loaded.timeline.rows.length - 1));
    rowBefore.value = rowFrom(loaded.timeline, row.value, length, -1);
  });
}

effect(() => {
  if (!isPlaying.value) return undefined;
  const timer = setInterval(() => {
    const at = row.peek();
    move(1);
    if (row.peek() === at) isPlaying.value = false;
  }, PLAY_MILLISECONDS);
  return () => clearInterval(timer);
});
