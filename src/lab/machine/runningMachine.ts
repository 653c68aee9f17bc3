import { spawn } from 'node:child_process';
import { underKeeper } from '../process/keeper.ts';
import { linesOf } from '../process/lines.ts';
import { type ConsoleWatch, type InitReport, watchConsole } from './consoleWatch.ts';
import type { GuestEnd } from './guest.ts';

/** A machine as a process: its console and its end. */
export interface RunningMachine {
  readonly console: ConsoleWatch;
  /** Fulfilled when the process is gone; never rejected. */
  readonly ended: Promise<GuestEnd>;
  /** Kills the machine; that is then how it ended, if it still ran. */
  end(as: GuestEnd): void;
}

/** What is told of a machine while it runs. */
export interface MachineEvents {
  onLine(line: string): void;
  onReport(report: InitReport): void;
}

/** The kernel's last words of an orderly end. */
const POWER_DOWN = /reboot: Power down/;

/**
 * Starts a machine under a keeper, which kills it when we are gone, and removes its folder when it is.
 *
 * @param words the command, with the machine's console as its standard output
 */
export function startMachine(
  words: readonly string[],
  folder: string,
  events: MachineEvents,
): RunningMachine {
  const [keeper, ...args] = underKeeper(words, folder);
  // A group of its own: Ctrl-C is for us, and we end the machine in good order.
  const child = spawn(keeper, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let requested: GuestEnd | null = null;
  let agentStatus: number | null = null;
  let isDown = false;
  let errors = '';
  const console = watchConsole((report) => {
    if (report.kind === 'agent ended') agentStatus = report.status;
    events.onReport(report);
  });
  linesOf(child.stdout, (line) => {
    if (POWER_DOWN.test(line)) isDown = true;
    console.take(line);
    events.onLine(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdin.on('error', () => child.stdin.destroy());
  const ended = new Promise<GuestEnd>((resolve) => {
    child.once('error', (error) => resolve({ how: 'lost', reason: error.message }));
    child.once('close', (status) => {
      child.stdin.destroy();
      resolve(requested ?? endOf(status ?? 1));
    });
  });
  const endOf = (status: number): GuestEnd => {
    const panic = console.kernelReports.find(({ kind }) => kind === 'panic');
    if (panic !== undefined) return { how: 'panicked', line: panic.line };
    if (status === 0 && (isDown || agentStatus !== null)) return { how: 'powered off', agentStatus };
    const reason = errors.trim().split('\n').at(-1) ?? '';
    return { how: 'lost', reason: reason === '' ? `the machine was reset, exit status ${status}` : reason };
  };
  return {
    console,
    ended,
    end: (as) => {
      requested ??= as;
      child.stdin.destroy();
    },
  };
}
