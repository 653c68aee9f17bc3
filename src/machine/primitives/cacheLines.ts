import type { Pfn } from '../brand.ts';
import { defineStruct, type Struct } from '../field.ts';
import type { Memory } from '../memory.ts';

/** Bytes that caches hold, and write back, together. */
export const CACHE_LINE = 64;

/** Lines whose bits one word has: a page has two words of them. */
export const LINES_OF_A_WORD = 32;

type CachedField = 'cached_low' | 'cached_high' | 'promised_low' | 'promised_high';

/** What is known of a page of persistent memory besides its bytes; nobody in the machine can ask for it. */
export const cached_page: Struct<Pfn, CachedField> = defineStruct<Pfn, CachedField>(
  'cached_page',
  { doc: 'a page of persistent memory, and the caches in front of it' },
  {
    cached_low: {
      doc: 'lines 0 to 31 of which caches may hold what the medium lacks, a bit each',
      wide: true,
    },
    cached_high: { doc: 'lines 32 to 63 of which they may', wide: true },
    promised_low: {
      doc: 'those of lines 0 to 31 that did when a system call began that promises to write them back',
      wide: true,
    },
    promised_high: { doc: 'those of lines 32 to 63 that did', wide: true },
  },
);

interface Lines {
  readonly low: number;
  readonly high: number;
}

/** The lines that bytes `[from, to)` of a page lie in. */
function linesOf(from: number, to: number): Lines {
  const first = Math.floor(from / CACHE_LINE);
  const end = Math.ceil(to / CACHE_LINE);
  return {
    low: bits(first, Math.min(end, LINES_OF_A_WORD)),
    high: bits(Math.max(first - LINES_OF_A_WORD, 0), end - LINES_OF_A_WORD),
  };
}

function bits(first: number, end: number): number {
  return end > first ? 2 ** end - 2 ** first : 0;
}

/** Changes a word only where that makes a difference, so that nobody takes it for written. */
function change(
  field: Struct<Pfn, CachedField>[CachedField],
  pfn: Pfn,
  after: (before: number) => number,
): void {
  const before = field.get(pfn);
  const changed = after(before) >>> 0;
  if (changed !== before) field.set(pfn, changed);
}

/** Notes that caches hold bytes `[from, to)` of a page, and the medium does not. */
export function cacheLines(memory: Memory, pfn: Pfn, from: number, to: number): void {
  const fields = memory.of(cached_page);
  const lines = linesOf(from, to);
  change(fields.cached_low, pfn, (before) => before | lines.low);
  change(fields.cached_high, pfn, (before) => before | lines.high);
}

/** Notes that the medium has the lines that bytes `[from, to)` of a page lie in. */
export function cleanLines(memory: Memory, pfn: Pfn, from: number, to: number): void {
  const fields = memory.of(cached_page);
  const lines = linesOf(from, to);
  for (const field of [fields.cached_low, fields.promised_low])
    change(field, pfn, (before) => before & ~lines.low);
  for (const field of [fields.cached_high, fields.promised_high]) {
    change(field, pfn, (before) => before & ~lines.high);
  }
}

/** Notes that a system call promises to write back what caches hold of a page now. */
export function promiseLines(memory: Memory, pfn: Pfn): void {
  const fields = memory.of(cached_page);
  change(fields.promised_low, pfn, (before) => before | fields.cached_low.get(pfn));
  change(fields.promised_high, pfn, (before) => before | fields.cached_high.get(pfn));
}

/** Whether caches still hold what was promised of a page; the promise is forgotten. */
export function breaksPromise(memory: Memory, pfn: Pfn): boolean {
  const { promised_low, promised_high } = memory.of(cached_page);
  const isBroken = promised_low.get(pfn) !== 0 || promised_high.get(pfn) !== 0;
  for (const field of [promised_low, promised_high]) change(field, pfn, () => 0);
  return isBroken;
}
