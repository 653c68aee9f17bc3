import type { Program } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';

/** What a verdict rests on: machine, threads, how much was looked at, and what ended it. */
export function coverageLine({ stats, verdict }: TestResult, program: Program): string {
  const threads = plural(program.threads.length, 'thread');
  const extent = stats.complete ? 'all' : verdict === 'violated' ? 'up to here' : 'not all';
  return [
    `sequentially consistent, ${threads} on a CPU each`,
    `${extent}: ${plural(stats.states, 'state')}, ${plural(stats.transitions, 'step')}, ${plural(stats.executions, 'end')}`,
    `${stats.seconds.toFixed(1)} s`,
    `${Math.ceil(stats.peakBytes / 2 ** 20)} MiB`,
  ].join('; ');
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
