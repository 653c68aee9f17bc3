/**
 * In a row of commands that run without us, an argument may be the result of an earlier one. Before it is known it goes by
 * a number with a fraction, which no argument has otherwise.
 */

const FRACTIONS = { whole: 0.5, low: 0.25, high: 0.75 } as const;

/** Stands for the result of a command of the row, by its position. */
export function laterResult(position: number): number {
  return position + FRACTIONS.whole;
}

export function isLaterResult(value: number): boolean {
  return !Number.isInteger(value);
}

/** A result that is two 16-bit numbers: the lower and the higher one. */
export function halves(result: number): [low: number, high: number] {
  if (!isLaterResult(result)) return [result % 2 ** 16, Math.floor(result / 2 ** 16)];
  const position = Math.floor(result);
  return [position + FRACTIONS.low, position + FRACTIONS.high];
}

/** An argument as the agent reads it. */
export function argumentText(value: number | string): string {
  if (typeof value === 'string') return `=${value}`;
  if (!isLaterResult(value)) return `${value}`;
  const position = Math.floor(value);
  const fraction = value - position;
  if (fraction === FRACTIONS.whole) return `@${position}`;
  return `@${position}.${fraction === FRACTIONS.low ? 'low' : 'high'}`;
}

/** Result of a command that was left out because one that it needs had failed. */
export const LEFT_OUT = -1_000_000;
