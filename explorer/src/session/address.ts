import { effect } from '@preact/signals';
import { loadText, shipped } from '../gallery/shipped.ts';
import { decodeLink, encodeLink, type LinkState } from '../link/link.ts';
import { tell } from '../ui/frame/Toast.tsx';
import { close, openTest } from './opening.ts';
import { open, row, run, schedules, selection, text, view } from './signals.ts';

/** How long nothing must move before the address follows. */
const FOLLOW_MILLISECONDS = 250;

/** What the page shows now, as a link; null for the gallery. */
export function linkState(): LinkState | null {
  const test = open.value;
  if (test === null) return null;
  const { file, bug, original, isShipped } = test;
  return {
    file,
    bug,
    text: isShipped && text.value === original ? null : text.value,
    schedules: schedules.value,
    row: run.value === null ? null : row.value,
    selection: selection.value,
    view: view.value,
  };
}

/** The address of what the page shows now. */
export async function currentAddress(): Promise<string> {
  const state = linkState();
  const { origin, pathname, search } = window.location;
  return `${origin}${pathname}${search}${state === null ? '' : `#${await encodeLink(state)}`}`;
}

/** Shows what the address says, and has the address follow what is shown. */
export async function followAddress(): Promise<void> {
  await showAddress();
  window.addEventListener('hashchange', () => void showAddress());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let earlier = open.value;
  effect(() => {
    const state = linkState();
    const isAnother = open.value !== earlier;
    earlier = open.value;
    clearTimeout(timer);
    if (isAnother) void write(state, 'push');
    else timer = setTimeout(() => void write(state, 'replace'), FOLLOW_MILLISECONDS);
  });
}

let written = '';

async function write(state: LinkState | null, how: 'push' | 'replace'): Promise<void> {
  const fragment = state === null ? '' : `#${await encodeLink(state)}`;
  if (fragment === written) return;
  written = fragment;
  const address = `${window.location.pathname}${window.location.search}${fragment}`;
  try {
    if (how === 'push') window.history.pushState(null, '', address);
    else window.history.replaceState(null, '', address);
  } catch {
    tell('this test is too long for the address: a link to it would say nothing');
  }
}

async function showAddress(): Promise<void> {
  const fragment = window.location.hash;
  if (fragment === written) return;
  written = fragment;
  const state = await decodeLink(fragment);
  if (state === null) close();
  else if ('error' in state) tell(state.error);
  else await showState(state);
}

async function showState(state: LinkState): Promise<void> {
  const { file, bug, schedules: chosen, row: at } = state;
  const entry = shipped.find((each) => each.file === file && each.bug === bug);
  if (entry === undefined && state.text === null) {
    tell(`the link names ${file}, which is not among the shipped tests here`);
    return;
  }
  const original = entry === undefined ? (state.text ?? '') : await loadText(entry);
  const draft = state.text ?? original;
  const opened = openTest({ file, bug, original, isShipped: entry !== undefined }, { draft, at, chosen });
  view.value = state.view;
  await opened;
  selection.value = state.selection;
}
