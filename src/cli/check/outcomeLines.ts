import type { Outcome, TestResult } from '../../litmus/output/index.ts';
import type { Colors } from '../show/colors.ts';

/** A scheme's ends that no end of another scheme is like, as far as user space can tell. */
export function ownOutcomes(result: TestResult, results: readonly TestResult[]): readonly Outcome[] {
  const others = new Set(
    results.flatMap(({ scheme, outcomes = [] }) => (scheme === result.scheme ? [] : outcomes.map(keyOf))),
  );
  return (result.outcomes ?? []).filter((outcome) => !others.has(keyOf(outcome)));
}

/** The distinct ends of each scheme, one line each; with `isDiff` only those that the other scheme has not. */
export function outcomeLines(results: readonly TestResult[], isDiff: boolean, colors: Colors): string[] {
  const shown = results.flatMap((result) =>
    (isDiff ? ownOutcomes(result, results) : (result.outcomes ?? [])).map((outcome) => ({
      scheme: result.scheme,
      outcome,
    })),
  );
  const lines = shown.map(({ scheme, outcome }) => {
    const registers = Object.entries(outcome.registers).map(
      ([name, value]) => `${name} = ${value ?? 'unset'}`,
    );
    const pages = Object.entries(outcome.pages).map(([page, counts]) =>
      typeof counts === 'number'
        ? `${counts} more folios`
        : `${page} refcount ${counts.refcount} mapcount ${counts.mapcount} pincount ${counts.pincount}`,
    );
    return `${colors.magenta(scheme)}  ${[...registers, ...pages].join(', ')}  ${colors.dim(outcome.replay)}`;
  });
  return isDiff && lines.length === 0 && results.length > 1
    ? [
        'the schemes have the same outcomes, as far as registers tell; properties and counts of pages are not compared',
      ]
    : lines;
}

/** What user space can tell: counts of pages differ between the schemes by design. */
function keyOf({ registers }: Outcome): string {
  return JSON.stringify(registers);
}
