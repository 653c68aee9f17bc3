import { batch } from '@preact/signals';
import type { GalleryEntry } from '../gallery/catalogue.ts';
import { loadText } from '../gallery/shipped.ts';
import type { Schedules } from '../worker/requests.ts';
import { execute } from './executing.ts';
import { showFewCards } from './shown.ts';
import { failure, isPlaying, type OpenTest, open, run, schedules, selection, text, view } from './signals.ts';

/** Nobody types for so long: the text is executed. */
const EXECUTE_MILLISECONDS = 350;

let execution: ReturnType<typeof setTimeout> | undefined;

/** Opens a test; `at` is the row to show, where a link says so. */
export async function openTest(
  test: OpenTest,
  { draft, at = null, chosen = {} }: { draft?: string; at?: number | null; chosen?: Schedules } = {},
): Promise<void> {
  clearTimeout(execution);
  batch(() => {
    open.value = test;
    text.value = draft ?? test.original;
    schedules.value = chosen;
    run.value = null;
    failure.value = null;
    selection.value = null;
    isPlaying.value = false;
    showFewCards();
  });
  await execute(at);
}

/** Opens a test that came with the page. */
export async function openShipped(entry: GalleryEntry): Promise<void> {
  const { file, bug } = entry;
  await openTest({ file, bug, original: await loadText(entry), isShipped: true });
}

/** Takes the text of the editor, and executes it when nobody has typed for a moment. */
export function edit(draft: string): void {
  if (draft === text.peek()) return;
  batch(() => {
    text.value = draft;
    schedules.value = {};
  });
  clearTimeout(execution);
  execution = setTimeout(() => void execute(), EXECUTE_MILLISECONDS);
}

/** Back to the text that was opened. */
export function revert(): void {
  if (open.value !== null) edit(open.value.original);
}

/** Leaves the test for the gallery. */
export function close(): void {
  batch(() => {
    open.value = null;
    run.value = null;
    isPlaying.value = false;
    view.value = 'run';
  });
}
