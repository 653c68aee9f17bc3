import type { TraceEntry } from '../../litmus/output/index.ts';
import { wordsText } from '../show/changeText.ts';
import type { Colors } from '../show/colors.ts';
import { decisiveReads } from './decisiveReads.ts';

/** A row of neighbouring steps of one thread. */
interface Stretch {
  readonly thread: string;
  readonly entries: TraceEntry[];
}

/**
 * The steps that led to a violation: where threads take over from each other, and the steps that changed something, or read
 * what decided. Each thread has a lane of its own; the other steps are only counted.
 */
export function traceLines(trace: readonly TraceEntry[], colors: Colors): string[] {
  const lanes = [...new Set(trace.map(({ thread }) => thread))];
  const width = Math.max(0, ...lanes.map((lane) => lane.length)) + 2;
  const decisive = decisiveReads(trace);
  return stretches(trace).flatMap(({ thread, entries }) => {
    const margin = ' '.repeat(width * lanes.indexOf(thread));
    return stretchLines(entries, decisive, colors).map((line, row) => {
      return `${margin}${colors.cyan((row === 0 ? thread : '').padEnd(width))}${line}`;
    });
  });
}

function stretches(trace: readonly TraceEntry[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const entry of trace) {
    const last = found.at(-1);
    if (last?.thread === entry.thread) last.entries.push(entry);
    else found.push({ thread: entry.thread, entries: [entry] });
  }
  return found;
}

/** The last step of a stretch is always shown: there the other thread comes in. */
function stretchLines(
  entries: readonly TraceEntry[],
  decisive: ReadonlySet<TraceEntry>,
  colors: Colors,
): string[] {
  const lines: string[] = [];
  let silent = 0;
  entries.forEach((entry, position) => {
    const isTold = Object.keys(entry.changes).length > 0 || decisive.has(entry);
    if (!isTold && position < entries.length - 1) {
      silent++;
      return;
    }
    if (silent > 0) lines.push(colors.dim(silent === 1 ? '… 1 step' : `… ${silent} steps`));
    silent = 0;
    const place = entry.file === '' ? '' : colors.dim(`  ${entry.file}:${entry.line}`);
    const words = wordsText(entry);
    lines.push(`${entry.function}${place}${words === '' ? '' : `  ${words}`}`);
  });
  return lines;
}
