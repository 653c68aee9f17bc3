import { isDeclared, type Program } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import type { Colors } from './colors.ts';

/** The properties that a test broke, with who did it; those that the test declares are marked. */
export function violationLines(results: readonly TestResult[], program: Program, colors: Colors): string[] {
  return results.flatMap(({ scheme, violations }) =>
    violations.flatMap((violation) => {
      const { property, page, message, actors } = violation;
      const declared = isDeclared(property, program, scheme);
      const name = declared ? colors.yellow(property) : colors.red(property);
      const where = page === null ? '' : ` ${page}`;
      const note = declared ? colors.dim(' (declared as a hazard)') : '';
      return [
        `${colors.magenta(scheme)}  ${name}${where}: ${message}${note}`,
        ...actors.map((actor) => `    ${actor}`),
      ];
    }),
  );
}
