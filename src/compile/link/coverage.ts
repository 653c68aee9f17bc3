import type { FunctionDeclaration, HelperDeclaration, Scheme, TestMark } from '../dialect/source.ts';
import type { DialectProgram } from './selection.ts';
import type { Splice } from './splice.ts';

/** A place whose passing is counted: the beginning of a function, or what one decides on. */
export interface CoveragePoint {
  /** File below the kernel's folder. */
  readonly file: string;
  readonly function: string;
  readonly line: number;
  readonly kind: 'function' | TestMark['kind'];
  /** What is decided on, as written but on one line; of a function its name. */
  readonly text: string;
}

/** How often the functions of a program were entered, and which way their tests came out. */
export class Coverage {
  readonly points: CoveragePoint[] = [];
  private readonly counts: number[] = [];
  private readonly numbers = new Map<FunctionDeclaration | HelperDeclaration, number>();

  /** Numbers the points of a declaration: its beginning, then its tests. */
  add(file: string, declaration: FunctionDeclaration | HelperDeclaration): void {
    const { name, line, text, tests } = declaration;
    this.numbers.set(declaration, this.points.length);
    this.points.push({ file, function: name, line, kind: 'function', text: name });
    for (const { kind, line, start, end } of tests) {
      const written = text.slice(start, end).replaceAll(/\s+/g, ' ').trim();
      this.points.push({ file, function: name, line, kind, text: written });
    }
  }

  /** Of a function: how often it was entered (as `true`). Of a test: how often it came out so. */
  count(point: number, outcome: boolean): number {
    return this.counts[point * 2 + Number(outcome)] ?? 0;
  }

  /** What the linked code calls: counts an outcome, and hands it on. */
  readonly covered = <Outcome extends number | boolean>(point: number, outcome: Outcome): Outcome => {
    const at = point * 2 + (outcome ? 1 : 0);
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    return outcome;
  };

  /** Calls of `$covered` around all that a declaration decides on: to be put around its other splices. */
  splices(declaration: FunctionDeclaration | HelperDeclaration): CounterSplices {
    const first = this.numbers.get(declaration);
    if (first === undefined) return NONE;
    const { text, tests } = declaration;
    const body = text.indexOf('{') + 1;
    return {
      openings: [
        { start: body, end: body, text: `$covered(${first}, true);` },
        ...tests.map(({ start }, position) => ({
          start,
          end: start,
          text: `$covered(${first + 1 + position}, `,
        })),
      ],
      closings: tests.map(({ end }) => ({ start: end, end, text: ')' })),
    };
  }
}

/** Replacements that go before, and behind, all others at the same place. */
export interface CounterSplices {
  readonly openings: readonly Splice[];
  readonly closings: readonly Splice[];
}

const NONE: CounterSplices = { openings: [], closings: [] };

/**
 * A program that counts where one of its schemes comes by, in the plain and the generator form. Frames are compiled
 * from trees and count nothing.
 */
export function withCoverage(
  program: DialectProgram,
  scheme: Scheme,
): { readonly program: DialectProgram; readonly coverage: Coverage } {
  const coverage = new Coverage();
  for (const { room, path, declarations } of program.files) {
    if (room !== 'common' && room !== scheme) continue;
    for (const declaration of declarations) {
      if (declaration.kind !== 'constant') coverage.add(path, declaration);
    }
  }
  return { program: { ...program, coverage }, coverage };
}
