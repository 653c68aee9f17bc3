import { type Remote, wrap } from 'comlink';
import type { WorkerApi } from './worker.ts';

/** A worker, and how to talk to it. */
export interface StartedWorker {
  readonly thread: Worker;
  readonly api: Remote<WorkerApi>;
  /** Fails when the worker dies, with a message for people. A call that waits for a dead worker would wait for ever. */
  readonly died: Promise<never>;
}

export function startWorker(): StartedWorker {
  const thread = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const died = new Promise<never>((_, reject) => {
    thread.onerror = (event) => {
      event.preventDefault();
      thread.terminate();
      reject(new Error(event.message === undefined ? NOT_LOADED : `the worker died: ${event.message}`));
    };
  });
  died.catch(() => {});
  return { thread, api: wrap<WorkerApi>(thread), died };
}

const NOT_LOADED = 'the kernel could not be loaded: is the server that gave you this page still there?';
