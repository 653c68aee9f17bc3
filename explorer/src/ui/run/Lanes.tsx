import { effect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { scrubTo } from '../../session/moving.ts';
import { row } from '../../session/signals.ts';
import { lanesOf } from '../../timeline/lanes.ts';
import type { Timeline } from '../../timeline/timeline.ts';
import { theme } from '../theme.ts';
import { drawLanes, LANE_HEIGHT } from './drawLanes.ts';

const LANES_SHOWN = 6;

interface Properties {
  readonly timeline: Timeline;
  /** Stands below the lanes, as wide as they are. */
  readonly children: ComponentChildren;
}

/** A lane a thread: its operations, devmap above and refcount below, on one axis. */
export function Lanes({ timeline, children }: Properties) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const playhead = useRef<HTMLDivElement>(null);
  const lanes = lanesOf(timeline);
  const last = Math.max(1, timeline.rows.length - 1);
  const height = Math.min(lanes.length, LANES_SHOWN) * LANE_HEIGHT;
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const draw = (): void => drawLanes(element, lanesOf(timeline), last, height);
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    const stop = effect(() => {
      void theme.value;
      draw();
    });
    return () => {
      observer.disconnect();
      stop();
    };
  }, [timeline, last, height]);
  useEffect(
    () =>
      effect(() => {
        if (playhead.current !== null) playhead.current.style.left = `${(row.value / last) * 100}%`;
      }),
    [last],
  );
  const scrub = (event: PointerEvent): void => {
    const element = canvas.current;
    if (element === null || event.buttons === 0) return;
    const { left, width } = element.getBoundingClientRect();
    scrubTo(Math.round(((event.clientX - left) / width) * last));
  };
  return (
    <div class="axis">
      <ul class="names" aria-hidden="true">
        {lanes.slice(0, LANES_SHOWN).map(({ name }) => (
          <li key={name} style={{ height: `${LANE_HEIGHT}px` }}>
            {name}
          </li>
        ))}
      </ul>
      <div class="lanes">
        <canvas
          ref={canvas}
          style={{ height: `${height}px` }}
          role="img"
          aria-label={`operations of ${lanes.map(({ name }) => name).join(', ')} over time`}
          onPointerDown={scrub}
          onPointerMove={scrub}
        />
        <div class="playhead" ref={playhead} />
        {children}
      </div>
    </div>
  );
}
