/** What a kernel says of itself when something is wrong. */
export interface KernelReport {
  readonly kind: 'warning' | 'oops' | 'stall' | 'panic';
  /** The console line that says so, without its time. */
  readonly line: string;
}

const MARKS: readonly (readonly [KernelReport['kind'], RegExp])[] = [
  ['panic', /Kernel panic - not syncing/],
  ['oops', /^(BUG: |Oops: |Oops\b|general protection fault|kernel BUG at |invalid opcode: |stack segment: )/],
  ['stall', /(soft lockup|hard LOCKUP|rcu.*detected (.* )?stall|blocked for more than \d+ seconds)/],
  ['warning', /^(WARNING: |refcount_t: )/],
];

/** What a console line reports, if anything. */
export function reportOf(consoleLine: string): KernelReport | null {
  const line = withoutTime(consoleLine);
  const kind = MARKS.find(([, mark]) => mark.test(line))?.[0];
  return kind === undefined ? null : { kind, line };
}

/** Whether a kernel that reports this has given up in some part. */
export function hasFallen(reports: readonly KernelReport[]): boolean {
  return reports.some(({ kind }) => kind === 'oops' || kind === 'panic');
}

/** A console line without the seconds, and the thread or CPU if any, that the kernel puts before it. */
export function withoutTime(line: string): string {
  return line.replace(/^(<\d+>)?\[ *\d+\.\d+\](\[ *[TC]\d+\])? /, '');
}
