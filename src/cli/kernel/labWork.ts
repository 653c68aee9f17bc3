import { UnknownKernelError } from '../../lab/kernels/fetchKernel.ts';
import { kernelCache, removeAbandoned } from '../../lab/kernels/kernelCache.ts';
import { LabError } from '../../lab/labError.ts';
import { BAD_USAGE, type ExitStatus, INCOMPLETE, NO_KERNEL } from '../exitStatus.ts';
import type { Host } from '../host.ts';

/** How often to look whether the user has asked to stop, in milliseconds. */
const LOOK = 50;

/**
 * Does work with real kernels that a signal ends when the user asks to stop; what goes wrong becomes a line on standard
 * error and an exit status.
 */
export async function labWork(
  host: Host,
  work: (signal: AbortSignal) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const controller = new AbortController();
  const look = setInterval(() => {
    if (host.isInterrupted) controller.abort();
  }, LOOK);
  try {
    removeAbandoned(kernelCache(host.environment));
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) {
      host.err('error: interrupted; nothing is left behind\n');
      return INCOMPLETE;
    }
    if (isOfSystem(error)) {
      host.err(`error: ${error.message}; XDG_CACHE_HOME and TMPDIR may name other folders\n`);
      return NO_KERNEL;
    }
    if (!(error instanceof LabError)) throw error;
    host.err([`error: ${error.message}`, ...error.details.map((line) => `  ${line}`), ''].join('\n'));
    return error instanceof UnknownKernelError ? BAD_USAGE : NO_KERNEL;
  } finally {
    clearInterval(look);
  }
}

/** Whether the system refused something, such as a folder to write in: it says what and where, and a stack would say no more. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
