import type { Scheme } from '../../litmus/index.ts';

/**
 * A schedule as a short string that survives shells and URLs: `1r-0x12-1x3-0-s42` is version 1, refcount, twelve
 * steps of thread 0, three of thread 1, one of thread 0, and from there on what seed 42 chooses. Without a seed at
 * the end, threads take turns from there on; so `1d` alone is the plain run under devmap. A step is one primitive
 * access of the kernel, or an operation that makes none. Threads count from 0 in file order.
 */
export interface ReplaySchedule {
  readonly scheme: Scheme;
  readonly runs: readonly ScheduleRun[];
  /** Chooses after the runs; null for turns. */
  readonly seed: number | null;
}

/** Neighbouring steps of one thread. */
export interface ScheduleRun {
  readonly thread: number;
  /** At least 1. */
  readonly steps: number;
}

const VERSION = '1';
const SCHEME_LETTERS: Readonly<Record<Scheme, string>> = { devmap: 'd', refcount: 'r' };
const SCHEMES_BY_LETTER: Readonly<Record<string, Scheme>> = { d: 'devmap', r: 'refcount' };

export function formatReplay(schedule: ReplaySchedule): string {
  const parts = schedule.runs.map(({ thread, steps }) => (steps === 1 ? `${thread}` : `${thread}x${steps}`));
  if (schedule.seed !== null) parts.push(`s${schedule.seed}`);
  return [VERSION + SCHEME_LETTERS[schedule.scheme], ...parts].join('-');
}

/** The schedule that a replay string stands for, or what is wrong with the string. */
export function parseReplay(text: string): ReplaySchedule | { readonly error: string } {
  const [head = '', ...parts] = text.split('-');
  if (!head.startsWith(VERSION)) {
    return { error: `replay string '${text}': expected it to begin with '${VERSION}d' or '${VERSION}r'` };
  }
  const scheme = SCHEMES_BY_LETTER[head.slice(VERSION.length)];
  if (scheme === undefined) {
    return {
      error: `replay string: '${head}' names no scheme, expected '${VERSION}d' (devmap) or '${VERSION}r' (refcount)`,
    };
  }
  const last = parts.at(-1);
  const seed = last === undefined ? null : parseSeed(last);
  const runs: ScheduleRun[] = [];
  for (const part of seed === null ? parts : parts.slice(0, -1)) {
    const run = parseRun(part);
    if (run === null) {
      return { error: `replay string: expected THREAD or THREADxSTEPS, found '${part}'` };
    }
    runs.push(run);
  }
  return { scheme, runs, seed };
}

function parseSeed(part: string): number | null {
  if (!/^s\d{1,16}$/.test(part)) return null;
  const seed = Number(part.slice(1));
  return Number.isSafeInteger(seed) ? seed : null;
}

function parseRun(part: string): ScheduleRun | null {
  const match = /^(\d{1,3})(?:x(\d{1,15}))?$/.exec(part);
  if (match === null) return null;
  const steps = match[2] === undefined ? 1 : Number(match[2]);
  return steps === 0 ? null : { thread: Number(match[1]), steps };
}
