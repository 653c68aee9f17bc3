import { batch, effect, signal } from '@preact/signals';
import { proxy } from 'comlink';
import type { Scheme } from '../../../src/litmus/index.ts';
import { diagnostics, open, text } from '../session/signals.ts';
import type { CheckAnswer, CheckProgress } from '../worker/requests.ts';
import { startWorker } from '../worker/startWorker.ts';

/** The check of the open test under one scheme. */
export type CheckState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly progress: CheckProgress }
  | { readonly kind: 'done'; readonly answer: CheckAnswer }
  | { readonly kind: 'failed'; readonly message: string };

const IDLE: CheckState = { kind: 'idle' };
const NOTHING_YET: CheckProgress = { states: 0, transitions: 0, depth: 0, seconds: 0 };
const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];

export const checks = signal<Readonly<Record<Scheme, CheckState>>>({ devmap: IDLE, refcount: IDLE });
export const isChecking = signal(false);

/** More than a page should take from a machine; the address may say less, in MiB. */
const MEMORY_MEBIBYTES = 1536;
const maximumBytes =
  (Number(new URLSearchParams(location.search).get('memory')) || MEMORY_MEBIBYTES) * 2 ** 20;

/** Ends the worker of the search under way; with a message for those who wait for it. */
let kill: ((message: string) => void) | undefined;
let askToStop: (() => void) | undefined;

/** Searches every execution, one scheme after the other, in a worker of its own. */
export async function startCheck(): Promise<void> {
  const test = open.value;
  if (test === null || isChecking.value || diagnostics.value.length > 0) return;
  const { thread, api, died } = startWorker();
  const request = { file: test.file, text: text.value, bug: test.bug, maximumBytes };
  let isEnded = false;
  const ended = new Promise<never>((_, reject) => {
    kill = (message) => {
      isEnded = true;
      reject(new Error(message));
    };
  });
  died.catch((error: Error) => kill?.(error.message));
  askToStop = () => void api.stop();
  batch(() => {
    isChecking.value = true;
    checks.value = { devmap: { kind: 'waiting' }, refcount: { kind: 'waiting' } };
  });
  for (const scheme of SCHEMES) {
    if (isEnded || stops > 0) break;
    put(scheme, { kind: 'running', progress: NOTHING_YET });
    const tell = proxy((progress: CheckProgress) => {
      if (checks.value[scheme].kind === 'running') put(scheme, { kind: 'running', progress });
    });
    try {
      const answer = await Promise.race([api.check(request, scheme, tell), ended]);
      put(scheme, { kind: 'done', answer });
    } catch (error) {
      put(scheme, { kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }
  thread.terminate();
  batch(() => {
    for (const scheme of SCHEMES) if (checks.value[scheme].kind === 'waiting') put(scheme, IDLE);
    isChecking.value = false;
  });
  stops = 0;
}

let stops = 0;

/** Stops the search and keeps what it has; asked a second time it does not wait for that. */
export function stopCheck(): void {
  if (!isChecking.value) return;
  stops++;
  if (stops === 1) askToStop?.();
  else kill?.('stopped before it could say what it had');
}

function put(scheme: Scheme, state: CheckState): void {
  checks.value = { ...checks.value, [scheme]: state };
}

/** What was said of another text is said of this one no more. */
let checked: string | undefined;
effect(() => {
  const now = `${open.value?.file} ${text.value}`;
  if (checked === now) return;
  checked = now;
  kill?.('the text was changed');
  checks.value = { devmap: IDLE, refcount: IDLE };
});
