import type { Scheme } from '../../litmus/index.ts';
import type { TraceEntry } from '../../litmus/output/index.ts';
import { changeText } from './changeText.ts';

/** A step inside the kernel on one line: scheme, thread, function, place, what changed. */
export function traceLine(
  scheme: Scheme,
  { thread, function: name, file, line, changes }: TraceEntry,
): string {
  const place = file === '' ? '' : `  ${file}:${line}`;
  const changed = Object.entries(changes).map(([word, values]) => changeText(word, values));
  return `${scheme.padEnd(8)}  ${thread.padEnd(6)}  ${name}${place}${changed.length === 0 ? '' : `  ${changed.join(', ')}`}`;
}
