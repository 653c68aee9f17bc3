import { signal } from '@preact/signals';

const message = signal<string | null>(null);
const SECONDS = 5;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells the user something in passing. */
export function tell(text: string): void {
  message.value = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    message.value = null;
  }, SECONDS * 1000);
}

export function Toast() {
  return (
    <div aria-live="polite" role="status">
      {message.value !== null && <div class="toast">{message.value}</div>}
    </div>
  );
}
