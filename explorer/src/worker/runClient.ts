import type { RunAnswer, RunRequest } from './requests.ts';
import { type StartedWorker, startWorker } from './startWorker.ts';

let worker: StartedWorker | undefined;
let endEarlier: ((answer: RunAnswer) => void) | undefined;

/** Executes a test beside the page. A request ends the one before it, which is answered with an error. */
export async function requestRun(request: RunRequest): Promise<RunAnswer> {
  if (endEarlier !== undefined) {
    worker?.thread.terminate();
    worker = undefined;
    endEarlier({ error: 'another run took its place' });
  }
  worker ??= startWorker();
  const { thread, api } = worker;
  let end: (answer: RunAnswer) => void = () => {};
  const answer = await new Promise<RunAnswer>((resolve) => {
    end = resolve;
    endEarlier = resolve;
    thread.onerror = ({ message }) => {
      thread.terminate();
      if (worker?.thread === thread) worker = undefined;
      const reason = message || 'no reason given';
      resolve({ error: `the worker died (${reason}); the next run starts a new one` });
    };
    api.run(request).then(resolve, (error) => resolve({ error: messageOf(error) }));
  });
  if (endEarlier === end) endEarlier = undefined;
  return answer;
}

/** Loads the kernel before anybody asks for a run. */
export function warmUp(): void {
  worker ??= startWorker();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
