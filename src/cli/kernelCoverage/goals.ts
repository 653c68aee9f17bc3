import { type CoveragePoint, type Outcome, outcomesOf } from '../../compile/link/coverage.ts';
import type { DialectProgram } from '../../compile/link/selection.ts';
import type { Scheme } from '../../litmus/index.ts';

/** One thing that a library of tests should see of the kernel: a function entered, a test that comes out one way. */
export interface Goal {
  readonly point: CoveragePoint;
  /** Place of the point in the coverage that counts it. */
  readonly number: number;
  readonly outcome: Outcome;
  /** Which of the tests of its function that read the same, from 1 on. */
  readonly occurrence: number;
}

/** All goals of one scheme's kernel, without functions that nothing in it calls. */
export function goalsOf(
  points: readonly CoveragePoint[],
  program: DialectProgram,
  scheme: Scheme,
): readonly Goal[] {
  const parts = partsOf(program, scheme);
  const occurrences = new Map<string, number>();
  return points.flatMap((point, number) => {
    const { file, function: name, kind, text } = point;
    const read = `${file} ${name}: ${kind === 'function' ? '' : text}`;
    const occurrence = (occurrences.get(read) ?? 0) + 1;
    occurrences.set(read, occurrence);
    return parts.has(name)
      ? outcomesOf(point).map((outcome) => ({ point, number, outcome, occurrence }))
      : [];
  });
}

/**
 * Functions and helpers of a scheme's kernel. Shared code has some that only the other scheme calls: those are no part of
 * it. What no scheme calls is an entry, from outside of the kernel, and a part wherever it stands.
 */
function partsOf({ files }: DialectProgram, scheme: Scheme): ReadonlySet<string> {
  const calls = new Map<string, readonly string[]>();
  const called = new Set<string>();
  for (const { room, declarations } of files) {
    for (const declaration of declarations) {
      if (declaration.kind === 'constant') continue;
      const names = declaration.calls.map(({ name }) => name).filter((name) => name !== declaration.name);
      for (const name of names) called.add(name);
      if (room === 'common' || room === scheme) calls.set(declaration.name, names);
    }
  }
  const parts = new Set([...calls.keys()].filter((name) => !called.has(name)));
  for (const part of parts) {
    for (const name of calls.get(part) ?? []) if (calls.has(name)) parts.add(name);
  }
  return parts;
}

/**
 * How a goal is named where no line number should stand, since lines move. Of tests that read the same all but the first
 * have a number: `nr > 1 (2)`.
 */
export function keyOf({ point, outcome, occurrence }: Goal): string {
  const { file, function: name, text } = point;
  const which = occurrence === 1 ? '' : ` (${occurrence})`;
  return outcome === 'entered' ? `${file} ${name}` : `${file} ${name}: ${text}${which}: ${outcome}`;
}
