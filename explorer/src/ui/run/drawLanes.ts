import type { Lane } from '../../timeline/lanes.ts';

/** Pixels of one lane: a bar for each scheme, and the gap to the next one. */
export const LANE_HEIGHT = 26;
const BAR_HEIGHT = 11;
const TEXT_WIDTH = 28;

/** Draws the lanes of all threads; `last` is the last row of the axis. */
export function drawLanes(
  canvas: HTMLCanvasElement,
  lanes: readonly Lane[],
  last: number,
  height: number,
): void {
  const scale = window.devicePixelRatio;
  const width = canvas.clientWidth;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const colour = coloursOf(canvas);
  context.scale(scale, scale);
  context.font = `10.5px ${colour('--mono')}`;
  context.textBaseline = 'middle';
  const at = (row: number): number => (row / last) * width;
  lanes.forEach(({ stretches, broken }, lane) => {
    for (const { scheme, operation, first, last: end } of stretches) {
      const left = at(first - 1);
      const right = Math.max(at(end), left + 1);
      const top = lane * LANE_HEIGHT + (scheme === 'devmap' ? 0 : BAR_HEIGHT + 1);
      context.fillStyle = colour(`--${scheme}-soft`);
      context.fillRect(left, top, right - left, BAR_HEIGHT);
      context.fillStyle = colour(`--${scheme}`);
      context.fillRect(left, top, 1, BAR_HEIGHT);
      if (right - left > TEXT_WIDTH)
        label(context, operation, left + 4, top + BAR_HEIGHT / 2, right - left - 6);
    }
    for (const row of broken) {
      context.fillStyle = colour('--alarm');
      context.fillText('✗', at(row) - 4, lane * LANE_HEIGHT + BAR_HEIGHT);
    }
  });
}

function label(context: CanvasRenderingContext2D, text: string, x: number, y: number, width: number): void {
  const fitting = Math.floor(width / context.measureText('m').width);
  if (fitting < 3) return;
  context.fillText(text.length <= fitting ? text : `${text.slice(0, fitting - 1)}…`, x, y);
}

/** The custom properties of the page as what a canvas understands: colours of the theme in force. */
function coloursOf(element: Element): (name: string) => string {
  const style = getComputedStyle(element);
  const probe = document.createElement('span');
  element.parentElement?.append(probe);
  const known = new Map<string, string>();
  for (const name of ['--devmap', '--devmap-soft', '--refcount', '--refcount-soft', '--alarm']) {
    probe.style.color = `var(${name})`;
    known.set(name, getComputedStyle(probe).color);
  }
  probe.remove();
  return (name) => known.get(name) ?? style.getPropertyValue(name);
}
