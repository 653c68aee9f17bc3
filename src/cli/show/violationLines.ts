import type { Program } from '../../litmus/index.ts';
import type { TestResult, Violation } from '../../litmus/output/index.ts';
import type { Colors } from './colors.ts';

/** The properties that a test broke, with who did it; those that the test declares are marked. */
export function violationLines(results: readonly TestResult[], program: Program, colors: Colors): string[] {
  return results.flatMap(({ scheme, violations }) =>
    violations.flatMap((violation) => {
      const { property, page, message, actors } = violation;
      const declared = isDeclared(violation, scheme, program);
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

function isDeclared({ property }: Violation, scheme: TestResult['scheme'], program: Program): boolean {
  return program.hazards.some(
    (hazard) => hazard.property === property && (hazard.scheme === null || hazard.scheme === scheme),
  );
}
