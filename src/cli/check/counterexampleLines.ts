import type { TestResult } from '../../litmus/output/index.ts';
import type { Colors } from '../show/colors.ts';
import { resultText, whoText } from '../show/stepText.ts';
import { traceLines } from './traceLines.ts';

/**
 * One execution that breaks the test: the operations that are over, those that the actors are still in, and the steps inside
 * the kernel that lead to the first violation.
 */
export function counterexampleLines({ steps, violations, replay }: TestResult, colors: Colors): string[] {
  if (replay === undefined) return [];
  const shown = violations.find(({ trace }) => trace.length > 0);
  const over = steps.map((step) => ({ who: whoText(step), text: step.text, result: resultText(step) }));
  const begun = (shown?.actors ?? []).flatMap((actor) => {
    const [who = '', text = ''] = splitOnce(actor, ': ');
    const isOver = over.some((operation) => operation.who === who && operation.text === text);
    return isOver || text === '' ? [] : [{ who, text }];
  });
  const width = Math.max(0, ...[...over, ...begun].map(({ who }) => who.length));
  const line = (who: string, text: string, end: string): string =>
    `${colors.cyan(who.padEnd(width))}  ${text}${end === '' ? '' : colors.dim(`  ${end}`)}`;
  return [
    ...over.map(({ who, text, result }) => line(who, text, result === '' ? '' : `= ${result}`)),
    ...begun.map(({ who, text }) => line(who, text, '… under way')),
    ...(shown === undefined ? [] : ['', ...traceLines(shown.trace, colors)]),
  ];
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
