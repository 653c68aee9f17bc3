import { move, moveTo } from '../../session/moving.ts';
import { isPlaying, run } from '../../session/signals.ts';

/** Where keys mean text, or what is focused, not the timeline. */
function isElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'range';
  return target.isContentEditable || target.closest('dialog, select, textarea, .cm-editor') !== null;
}

/** ← → step, with ⇧ an operation; Home, End; space plays. */
export function handleKey(event: KeyboardEvent): void {
  if (isElsewhere(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
  const last = (run.value?.timeline.rows.length ?? 1) - 1;
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const direction = event.key === 'ArrowLeft' ? -1 : 1;
      if (event.shiftKey) move(direction, 'operation');
      else move(direction);
      break;
    }
    case 'Home':
      moveTo(0);
      break;
    case 'End':
      moveTo(last);
      break;
    case ' ':
      if (event.target instanceof HTMLButtonElement) return;
      isPlaying.value = !isPlaying.value;
      break;
    default:
      return;
  }
  event.preventDefault();
}
