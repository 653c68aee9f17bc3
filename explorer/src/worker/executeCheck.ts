import { LitmusCheck } from '../../../src/check/index.ts';
import { loadTest, type Scheme } from '../../../src/litmus/index.ts';
import { errorResult } from '../../../src/run/index.ts';
import type { CheckAnswer, CheckProgress, CheckRequest } from './requests.ts';
import { variantOf } from './variant.ts';

/** States between two looks at the clock, and milliseconds between two reports. */
const PIECE = 200;
const REPORT_MILLISECONDS = 120;

/** Whether the user has asked to stop. */
let isStopped = false;

/** Ends the search under way as soon as it looks up: what it has is kept. */
export function stopCheck(): void {
  isStopped = true;
}

/** Searches every execution of a test under one scheme, as far as memory and patience reach. */
export async function executeCheck(
  { file, text, bug, maximumBytes }: CheckRequest,
  scheme: Scheme,
  tell: (progress: CheckProgress) => void,
): Promise<CheckAnswer> {
  isStopped = false;
  const loaded = loadTest(text, file);
  if (!('program' in loaded)) throw new Error('the test has errors');
  const variant = await variantOf(bug, scheme);
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    const options = { allOutcomes: true, maximumBytes, ...variant };
    const running = new LitmusCheck(loaded.program, scheme, options);
    await searchOn(running, (progress) => tell({ ...progress, seconds: seconds() }));
    const { depth, stoppedBy } = running.coverage();
    return { result: running.result(), depth, seconds: seconds(), stoppedBy };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = 'the browser has no more memory for this search; the command line has';
    const result = errorResult(file, loaded.program.name, scheme, message);
    return { result, depth: 0, seconds: seconds(), stoppedBy: 'memory' };
  }
}

async function searchOn(
  running: LitmusCheck,
  tell: (progress: Omit<CheckProgress, 'seconds'>) => void,
): Promise<void> {
  let told = performance.now();
  while (!running.advance(PIECE)) {
    if (performance.now() - told < REPORT_MILLISECONDS) continue;
    const { states, transitions, depth } = running.coverage();
    tell({ states, transitions, depth });
    await breathe();
    told = performance.now();
    if (isStopped) {
      running.stop();
      return;
    }
  }
}

/** Lets messages in: a timer would wait for longer. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
