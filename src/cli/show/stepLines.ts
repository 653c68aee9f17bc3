import { differenceOf } from '../../compare/index.ts';
import { type DetailedStep, isOver } from '../../run/index.ts';
import type { SchemeOutcome } from '../run/runTest.ts';
import { changeText } from './changeText.ts';
import type { Colors } from './colors.ts';
import { resultText, standText, whoText } from './stepText.ts';

/**
 * The operations of a test, one line each with what they changed below; one that sleeps while others come to their end has a
 * line where it fell asleep, too. Under two schemes that executed the same operations
 * there is one list, and the schemes are named only where they differ.
 */
export function stepLines(outcomes: readonly SchemeOutcome[], colors: Colors): string[] {
  const [first, second] = outcomes;
  if (first === undefined) return [];
  if (second === undefined) return listLines([first], colors);
  return areAligned(first.details, second.details)
    ? listLines([first, second], colors)
    : [first, second].flatMap((outcome) => [
        colors.bold(outcome.result.scheme),
        ...listLines([outcome], colors),
      ]);
}

function areAligned(left: readonly DetailedStep[], right: readonly DetailedStep[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ step }, position) => {
      const other = right[position];
      return other !== undefined && areSameOperation(step, other.step);
    })
  );
}

function areSameOperation(one: DetailedStep['step'], other: DetailedStep['step']): boolean {
  if (isOver(one) && isOver(other)) return differenceOf(one, other) !== 'operation';
  return (
    isOver(one) === isOver(other) &&
    whoText(one) === whoText(other) &&
    one.text === other.text &&
    standText(one) === standText(other)
  );
}

/** The lists of one or two schemes, position by position. */
function listLines(outcomes: readonly SchemeOutcome[], colors: Colors): string[] {
  const shown = outcomes[0]?.details ?? [];
  const width = Math.max(0, ...shown.map(({ step }) => whoText(step).length));
  const lines = shown.flatMap((_, position) => {
    const columns = outcomes.flatMap(({ result, details }) => {
      const detail = details[position];
      return detail === undefined ? [] : [{ scheme: result.scheme, detail }];
    });
    return positionLines(columns, width, colors);
  });
  const more = (outcomes[0]?.result.steps.length ?? 0) - shown.filter(({ step }) => isOver(step)).length;
  return more > 0 ? [...lines, colors.dim(`… and ${more} more operations`)] : lines;
}

interface Column {
  readonly scheme: string;
  readonly detail: DetailedStep;
}

function positionLines(columns: readonly Column[], width: number, colors: Colors): string[] {
  const step = columns[0]?.detail.step;
  if (step === undefined) return [];
  const who = colors.cyan(whoText(step).padEnd(width));
  const stands = columns.map(({ detail }) => standText(detail.step));
  const isSame = stands.every((text) => text === stands[0]);
  const results = columns.map(({ scheme, detail }) => `${scheme} ${resultText(detail.step)}`);
  const stand = isSame ? (stands[0] ?? '') : `= ${results.join(', ')}`;
  const head = `${who}  ${step.text}${stand === '' ? '' : colors.dim(`  ${stand}`)}`;
  return [head, ...changeLines(columns, ' '.repeat(width + 4), colors)];
}

/** What an operation changed: once where the schemes agree, else each scheme's under its name. */
function changeLines(columns: readonly Column[], margin: string, colors: Colors): string[] {
  const lists = columns.map(({ detail }) => changesOf(detail));
  const areSame = lists.every((list) => list.join('\n') === lists[0]?.join('\n'));
  if (areSame) return (lists[0] ?? []).map((line) => margin + line);
  return columns.flatMap(({ scheme }, position) =>
    (lists[position] ?? []).map((line, row) => {
      const label = row === 0 ? scheme : '';
      return `${margin}${colors.magenta(label.padEnd('refcount'.length))}  ${line}`;
    }),
  );
}

function changesOf({ changes, isCut }: DetailedStep): string[] {
  const lines = Object.entries(changes).map(([word, values]) => changeText(word, values));
  return isCut ? [...lines, '… and more'] : lines;
}
