import { parentPort } from 'node:worker_threads';
import { type CheckJob, runJob } from './job.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/*
 * One worker of `daxlab check --workers`: takes searches one after the other and answers each with its result.
 */
let isInterrupted = false;
const post = (message: FromWorker): void => parentPort?.postMessage(message);

async function work(job: CheckJob): Promise<void> {
  try {
    const result = await runJob(job, {
      isInterrupted: () => isInterrupted,
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
      progress: (coverage) => post({ kind: 'progress', coverage }),
    });
    post({ kind: 'result', result });
  } catch (error) {
    post({ kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') isInterrupted = true;
  else void work(message.job);
});
