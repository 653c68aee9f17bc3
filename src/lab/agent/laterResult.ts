/**
 * In a row of commands that run without us, an argument may be the result of an earlier one. Before it is known it goes by
 * a number with a fraction, which no argument has otherwise.
 */

/** Stands for the result of a command of the row, by its position. */
export function laterResult(position: number): number {
  return position + 0.5;
}

export function isLaterResult(value: number): boolean {
  return !Number.isInteger(value);
}

/** An argument as the agent reads it. */
export function argumentText(value: number | string): string {
  if (typeof value === 'string') return `=${value}`;
  return isLaterResult(value) ? `@${Math.floor(value)}` : `${value}`;
}

/** Result of a command that was left out because one that it needs had failed. */
export const LEFT_OUT = -1_000_000;
