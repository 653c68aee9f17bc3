import type { RunAnswer, RunRequest } from './requests.ts';
import { type StartedWorker, startWorker } from './startWorker.ts';

let worker: StartedWorker | undefined;
let endEarlier: ((answer: RunAnswer) => void) | undefined;

/**
 * Executes a test beside the page. A request ends the one before it, which is answered with an error; so is one whose
 * worker dies, and the next one starts another.
 */
export async function requestRun(request: RunRequest): Promise<RunAnswer> {
  if (endEarlier !== undefined) {
    worker?.thread.terminate();
    worker = undefined;
    endEarlier({ error: 'another run took its place' });
  }
  const { api, died } = currentWorker();
  let end: (answer: RunAnswer) => void = () => {};
  const replaced = new Promise<RunAnswer>((resolve) => {
    end = resolve;
    endEarlier = resolve;
  });
  const answered = Promise.race([api.run(request), died]).catch((error) => ({ error: messageOf(error) }));
  const answer = await Promise.race([answered, replaced]);
  if (endEarlier === end) endEarlier = undefined;
  return answer;
}

/** Loads the kernel before anybody asks for a run. */
export function warmUp(): void {
  currentWorker();
}

function currentWorker(): StartedWorker {
  if (worker !== undefined) return worker;
  const started = startWorker();
  started.died.catch(() => {
    if (worker === started) worker = undefined;
  });
  worker = started;
  return started;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
