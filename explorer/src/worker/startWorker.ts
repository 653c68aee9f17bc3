import { type Remote, wrap } from 'comlink';
import type { WorkerApi } from './worker.ts';

/** A worker, and how to talk to it. */
export interface StartedWorker {
  readonly thread: Worker;
  readonly api: Remote<WorkerApi>;
}

export function startWorker(): StartedWorker {
  const thread = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return { thread, api: wrap<WorkerApi>(thread) };
}
