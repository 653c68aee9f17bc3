import type { Program } from '../../litmus/index.ts';
import type { CheckedResult } from './job.ts';

/** What a verdict rests on: how much was looked at, and of what machine. */
export function coverageLine({ result, coverage }: CheckedResult, program: Program): string {
  const { stats, verdict } = result;
  const threads = plural(program.threads.length, 'thread');
  const seen = [
    plural(stats.states, 'state'),
    plural(stats.transitions, 'transition'),
    plural(stats.executions, 'end'),
    ...(stats.complete ? [] : [`${plural(coverage.depth, 'level')} deep`]),
  ].join(', ');
  const extent = stats.complete
    ? `every interleaving of ${threads}`
    : verdict === 'violated'
      ? `${threads}, as far as it was searched`
      : `${threads}, so far`;
  const cost = `${stats.seconds.toFixed(1)} s, ${Math.ceil(stats.peakBytes / 2 ** 20)} MiB`;
  return `${extent}: ${seen}; ${cost}; sequentially consistent, a CPU for each thread`;
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
