import { REPORT } from '../initramfs/initScript.ts';
import { type KernelReport, reportOf, withoutTime } from './kernelReports.ts';

/** What the guest's first process says on the console. */
export type InitReport =
  | { readonly kind: 'release'; readonly release: string }
  | { readonly kind: 'device'; readonly index: number; readonly path: string; readonly bytes: number }
  | { readonly kind: 'agent starts' }
  | { readonly kind: 'agent ended'; readonly status: number }
  | { readonly kind: 'failed'; readonly what: string };

/** Lines of the console that are kept for error messages. */
const TAIL = 40;

/** What is known of a guest from its console. */
export interface ConsoleWatch {
  take(line: string): void;
  /** The last lines, oldest first. */
  tail(): readonly string[];
  readonly kernelReports: readonly KernelReport[];
}

/** Watches a console; each report goes to the callback as it comes. */
export function watchConsole(onReport: (report: InitReport) => void): ConsoleWatch {
  const lines: string[] = [];
  const kernelReports: KernelReport[] = [];
  return {
    kernelReports,
    tail: () => [...lines],
    take: (line) => {
      lines.push(line);
      if (lines.length > TAIL) lines.shift();
      const kernelReport = reportOf(line);
      if (kernelReport !== null) kernelReports.push(kernelReport);
      const report = initReportOf(withoutTime(line));
      if (report !== null) onReport(report);
    },
  };
}

function initReportOf(line: string): InitReport | null {
  if (!line.startsWith(REPORT)) return null;
  const text = line.slice(REPORT.length).trimEnd();
  const [, release] = /^release (\S+)$/.exec(text) ?? [];
  if (release !== undefined) return { kind: 'release', release };
  const [, index, path, bytes] = /^device (\d+) (\S+) (\d+)$/.exec(text) ?? [];
  if (path !== undefined) return { kind: 'device', index: Number(index), path, bytes: Number(bytes) };
  if (text === 'agent starts') return { kind: 'agent starts' };
  const [, status] = /^agent ended with (\d+)$/.exec(text) ?? [];
  if (status !== undefined) return { kind: 'agent ended', status: Number(status) };
  const [, what] = /^failed: (.*)$/.exec(text) ?? [];
  return what === undefined ? null : { kind: 'failed', what };
}
