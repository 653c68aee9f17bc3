import type { TestResult } from '../../litmus/output/index.ts';
import type { Colors } from '../show/colors.ts';
import { standText, whoText } from '../show/stepText.ts';
import { traceLines } from './traceLines.ts';

/**
 * One execution that breaks the test: the operations that are over, those that are not, and the steps inside the kernel that
 * lead to the first violation.
 */
export function counterexampleLines(result: TestResult, colors: Colors): string[] {
  const { steps, unfinished = [], violations, replay } = result;
  if (replay === undefined) return [];
  const shown = violations.find((violation) => violation.trace.length > 0 && violation.replay === replay);
  const operations = [...steps, ...unfinished];
  const width = Math.max(0, ...operations.map((operation) => whoText(operation).length));
  const lines = operations.map((operation) => {
    const stand = standText(operation);
    const head = `${colors.cyan(whoText(operation).padEnd(width))}  ${operation.text}`;
    return stand === '' ? head : `${head}${colors.dim(`  ${stand}`)}`;
  });
  return [...lines, ...(shown === undefined ? [] : ['', ...traceLines(shown.trace, colors)])];
}
