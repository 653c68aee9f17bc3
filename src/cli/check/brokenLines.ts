import { isDeclared, type Program } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import type { Colors } from '../show/colors.ts';

/** Says what repeats an execution that is not the one shown. */
export function ownExecution(replay: string | undefined, shown: string | undefined): string[] {
  return replay === undefined || replay === shown ? [] : [`in another execution: --replay ${replay}`];
}

/** The properties that some execution breaks, each with its page and who did it; declared hazards are marked as met. */
export function brokenLines(
  { scheme, violations, replay: shown }: TestResult,
  program: Program,
  colors: Colors,
): string[] {
  return violations.flatMap(({ property, page, message, actors, replay }) => {
    const declared = isDeclared(property, program, scheme);
    const head = declared ? `${colors.green('✓')} ${property}` : `${colors.red('✗')} ${colors.red(property)}`;
    const note = declared ? colors.dim(' (declared as a hazard)') : '';
    return [
      `${head}${page === null ? '' : ` ${page}`}: ${message}${note}`,
      ...actors.map((actor) => `    ${actor}`),
      ...(declared ? [] : ownExecution(replay, shown).map((line) => `    ${line}`)),
    ];
  });
}
