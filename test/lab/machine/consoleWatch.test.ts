import { describe, expect, it } from 'vitest';
import { type InitReport, watchConsole } from '../../../src/lab/machine/consoleWatch.ts';
import { reportOf } from '../../../src/lab/machine/kernelReports.ts';

function reportsOf(lines: readonly string[]): InitReport[] {
  const reports: InitReport[] = [];
  const watch = watchConsole((report) => reports.push(report));
  for (const line of lines) watch.take(line);
  return reports;
}

describe('a console', () => {
  it('tells what the first process reports, with and without the kernel’s time', () => {
    expect(
      reportsOf([
        '[    5.373531] daxlab: release 6.12.95+deb12-amd64',
        '[    6.37][    T1] daxlab: device 0 /dev/dax0.0 132120576',
        'daxlab: agent starts',
        '[   15.56] daxlab: agent ended with 139',
        '[   15.57] daxlab: failed: there is no /dev/dax1.0',
      ]),
    ).toEqual([
      { kind: 'release', release: '6.12.95+deb12-amd64' },
      { kind: 'device', index: 0, path: '/dev/dax0.0', bytes: 132120576 },
      { kind: 'agent starts' },
      { kind: 'agent ended', status: 139 },
      { kind: 'failed', what: 'there is no /dev/dax1.0' },
    ]);
  });

  it.each([
    '[    1.0] somebody: daxlab: agent starts',
    'daxlab: device 0 /dev/dax0.0',
    'daxlab: device x /dev/dax0.0 1',
    'daxlab: something else',
    'daxlab:',
    '',
  ])('tells nothing by %j', (line) => {
    expect(reportsOf([line])).toEqual([]);
  });

  it('keeps its last 40 lines', () => {
    const watch = watchConsole(() => undefined);
    for (let i = 0; i < 100; i++) watch.take(`line ${i}`);
    expect(watch.tail()).toHaveLength(40);
    expect(watch.tail()[0]).toBe('line 60');
    expect(watch.tail().at(-1)).toBe('line 99');
  });
});

describe('a kernel that is in trouble', () => {
  it.each([
    ['[ 1.5] Kernel panic - not syncing: VFS: Unable to mount root fs', 'panic'],
    ['[ 1.5] BUG: unable to handle page fault for address: ffffea0001008034', 'oops'],
    ['[ 1.5] Oops: 0000 [#1] PREEMPT SMP NOPTI', 'oops'],
    ['[ 1.5] Oops: general protection fault, probably for non-canonical address', 'oops'],
    ['[ 1.5] kernel BUG at mm/memory.c:1234!', 'oops'],
    ['[ 1.5] BUG: Bad page map in process agent  pte:8000000040200867', 'oops'],
    ['[ 1.5] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [agent:70]', 'stall'],
    ['[ 1.5] INFO: task agent:70 blocked for more than 120 seconds.', 'stall'],
    ['[ 1.5] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:', 'stall'],
    ['[ 1.5] rcu: INFO: rcu_preempt self-detected stall on CPU', 'stall'],
    ['[ 1.5] WARNING: CPU: 0 PID: 70 at mm/memremap.c:461 free_zone_device_folio+0x1', 'warning'],
    ['[ 1.5] refcount_t: underflow; use-after-free.', 'warning'],
  ])('reports %j as %s', (line, kind) => {
    expect(reportOf(line)).toEqual({ kind, line: line.slice('[ 1.5] '.length) });
  });

  it.each([
    '[ 1.5] RAS: Correctable Errors collector initialized.',
    '[ 1.5] Bugs: none',
    'agent says WARNING: no',
  ])('is not meant by %j', (line) => {
    expect(reportOf(line)).toBeNull();
  });
});
