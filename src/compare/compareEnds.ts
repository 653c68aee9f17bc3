import type { Outcome, TestResult } from '../litmus/output/index.ts';

/** Ends of one test as a real kernel came to them, held against every end that the model can come to. */
export interface EndsComparison {
  /** Ends of the kernel that the model cannot come to; each with the execution that came to it. */
  readonly impossible: readonly Outcome[];
  /** Ends of the model that the kernel never came to, with a schedule that leads to each. */
  readonly unseen: readonly Outcome[];
}

/**
 * Compares ends by the values of their registers. Null where the check does not know every end: it is not complete, or
 * cut executions off where they broke a property.
 */
export function compareEnds(checked: TestResult, kernel: TestResult): EndsComparison | null {
  if (!checked.stats.complete || checked.violations.length > 0 || checked.outcomes === undefined) return null;
  const possible = byRegisters(checked.outcomes);
  const seen = byRegisters(kernel.outcomes ?? []);
  return {
    impossible: [...seen].flatMap(([key, end]) => (possible.has(key) ? [] : [end])),
    unseen: [...possible].flatMap(([key, end]) => (seen.has(key) ? [] : [end])),
  };
}

function byRegisters(ends: readonly Outcome[]): Map<string, Outcome> {
  const all = new Map<string, Outcome>();
  for (const end of ends) {
    const key = registersText(end);
    if (!all.has(key)) all.set(key, end);
  }
  return all;
}

/** The registers of an end, in one order: `P.a = 1, P.b = 0`; those that were never set have no value. */
export function registersText({ registers }: Outcome): string {
  return Object.keys(registers)
    .sort()
    .map((name) => `${name} = ${registers[name] ?? 'unset'}`)
    .join(', ');
}
