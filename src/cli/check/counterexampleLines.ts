import type { TestResult } from '../../litmus/output/index.ts';
import type { Colors } from '../show/colors.ts';
import { resultText, whoText } from '../show/stepText.ts';
import { traceLines } from './traceLines.ts';

/** The operations of the counterexample, and the last steps of the first violation. */
export function counterexampleLines({ steps, violations, replay }: TestResult, colors: Colors): string[] {
  if (replay === undefined) return [];
  const operations = steps.map((step) => {
    const result = resultText(step);
    return `${colors.cyan(whoText(step))}  ${step.text}${result === '' ? '' : colors.dim(`  = ${result}`)}`;
  });
  const trace = violations.find(({ trace: shown }) => shown.length > 0)?.trace ?? [];
  return [...operations, ...(trace.length === 0 ? [] : ['', ...traceLines(trace, colors)])];
}
