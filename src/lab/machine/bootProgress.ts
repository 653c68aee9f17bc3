import type { InitReport } from './consoleWatch.ts';
import type { GuestDevice, GuestEnd } from './guest.ts';
import type { MemoryLayout } from './memoryLayout.ts';

/** What a boot comes to. */
export type BootResult =
  | { readonly kind: 'agent starts'; readonly release: string; readonly devices: readonly GuestDevice[] }
  /** The guest itself says what it could not do. */
  | { readonly kind: 'failed'; readonly what: string }
  | { readonly kind: 'silent'; readonly seconds: number };

const GARBLED = 'what it said of itself and its devices came over its console in part only';

/** Follows a boot by what comes over the console. */
export interface BootProgress {
  readonly result: Promise<BootResult>;
  /** The guest gave a sign of life. */
  onLine(): void;
  onReport(report: InitReport): void;
  /** No result is wanted any more. */
  stop(): void;
}

/** @param silenceLimit milliseconds without a line after which the boot is over */
export function followBoot(layout: MemoryLayout, silenceLimit: number): BootProgress {
  const devices: GuestDevice[] = [];
  let release = '';
  let settle: (result: BootResult) => void = () => undefined;
  const result = new Promise<BootResult>((resolve) => {
    settle = resolve;
  });
  const silence = setTimeout(() => settle({ kind: 'silent', seconds: silenceLimit / 1000 }), silenceLimit);
  return {
    result,
    onLine: () => silence.refresh(),
    onReport: (report) => {
      switch (report.kind) {
        case 'release':
          release = report.release;
          break;
        case 'device': {
          const region = layout.regions[report.index];
          if (region === undefined) break;
          const { path, bytes } = report;
          devices.push({ path, bytes, regionStart: region.start, regionBytes: region.bytes });
          break;
        }
        case 'agent starts':
          // A serial console loses characters when the machine is very busy.
          if (release !== '' && devices.length === layout.regions.length) {
            settle({ kind: 'agent starts', release, devices });
          } else settle({ kind: 'failed', what: GARBLED });
          break;
        case 'failed':
          settle({ kind: 'failed', what: report.what });
          break;
        case 'agent ended':
          break;
      }
    },
    stop: () => clearTimeout(silence),
  };
}

/** How a guest ended, in words. */
export function endText(end: GuestEnd): string {
  switch (end.how) {
    case 'powered off':
      return end.agentStatus === null
        ? 'it was powered off'
        : `its agent ended with status ${end.agentStatus}`;
    case 'panicked':
      return end.line;
    case 'hung':
      return `it hangs: ${end.reason}`;
    case 'lost':
      return `its machine is gone: ${end.reason}`;
    case 'disposed':
      return 'it was stopped';
  }
}
