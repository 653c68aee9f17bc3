import { useRef } from 'preact/hooks';
import { markdown } from '../../export/markdown.ts';
import { stateSvg } from '../../export/stateSvg.ts';
import { chromeTrace, traceDocument } from '../../export/traces.ts';
import { currentAddress } from '../../session/address.ts';
import { type Shown, shown } from '../../session/shown.ts';
import { type LoadedRun, row } from '../../session/signals.ts';
import { operationAt } from '../../timeline/timeline.ts';
import { tell } from '../frame/Toast.tsx';
import { save, toPng } from './save.ts';

/** Everything that takes what is shown somewhere else. */
export function ShareMenu({ loaded }: { readonly loaded: LoadedRun }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const { name } = loaded.program;
  const actions: readonly (readonly [label: string, act: () => Promise<void> | void])[] = [
    ['Copy link to this state', async () => copy(await currentAddress(), 'The link is on the clipboard.')],
    ['Copy as Markdown', async () => copy(await asMarkdown(loaded), 'The Markdown is on the clipboard.')],
    ['State as SVG', () => save(`${name}.svg`, svgBlob(picture(loaded)))],
    ['State as PNG', async () => save(`${name}.png`, await toPng(picture(loaded)))],
    ['Trace as JSON', () => save(`${name}.json`, json(traceDocument(name, loaded.timeline)))],
    ['Trace for Perfetto', () => save(`${name}.trace.json`, json(chromeTrace(loaded.timeline)))],
  ];
  const perform = async (act: () => Promise<void> | void): Promise<void> => {
    if (menu.current !== null) menu.current.open = false;
    try {
      await act();
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <details class="menu" ref={menu}>
      <summary class="button">Share</summary>
      <ul>
        {actions.map(([label, act]) => (
          <li key={label}>
            <button type="button" onClick={() => void perform(act)}>
              {label}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

async function copy(text: string, message: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  tell(message);
}

async function asMarkdown({ program, text, timeline }: LoadedRun): Promise<string> {
  const { name, description } = program;
  return markdown({ name, description, text, timeline, row: row.value, link: await currentAddress() });
}

function picture({ program, timeline }: LoadedRun): string {
  const views: Shown | null = shown.value;
  if (views === null) throw new Error('there is no state to draw');
  return stateSvg(`${program.name}: ${operationAt(timeline, row.value)?.text ?? 'the beginning'}`, views);
}

function svgBlob(svg: string): Blob {
  return new Blob([svg], { type: 'image/svg+xml' });
}

function json(value: object): Blob {
  return new Blob([JSON.stringify(value)], { type: 'application/json' });
}
