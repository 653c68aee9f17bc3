import type {
  Declaration,
  FunctionDeclaration,
  HelperDeclaration,
  Scheme,
  TestMark,
} from '../dialect/source.ts';
import { countedBody, countingSteps } from './countedTree.ts';
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

/** What can be seen of a point: a function was entered, a test came out true or false. */
export type Outcome = 'entered' | 'true' | 'false';

/** The outcomes that a point can have. */
export function outcomesOf({ kind }: CoveragePoint): readonly Outcome[] {
  return kind === 'function' ? ['entered'] : ['true', 'false'];
}

/** How often the functions of a program were entered, and how their tests came out. */
export class Coverage {
  readonly points: CoveragePoint[] = [];
  private readonly counts: Record<Outcome, number>[] = [];
  private readonly numbers = new Map<FunctionDeclaration | HelperDeclaration, number>();

  /** Numbers the points of a declaration: its beginning, then its tests. */
  add(file: string, declaration: FunctionDeclaration | HelperDeclaration): void {
    const { name, line, text, tests } = declaration;
    this.numbers.set(declaration, this.points.length);
    this.addPoint({ file, function: name, line, kind: 'function', text: name });
    for (const { kind, line, start, end } of tests) {
      const written = text.slice(start, end).replaceAll(/\s+/g, ' ').trim();
      this.addPoint({ file, function: name, line, kind, text: written });
    }
  }

  private addPoint(point: CoveragePoint): void {
    this.points.push(point);
    this.counts.push({ entered: 0, true: 0, false: 0 });
  }

  /** How often a point, by its place in `points`, had an outcome. */
  count(point: number, outcome: Outcome): number {
    return this.counts[point]?.[outcome] ?? 0;
  }

  /** Calls of `$coverage` at all that a declaration decides on: to be put around its other splices. */
  splices(declaration: FunctionDeclaration | HelperDeclaration): CounterSplices {
    const first = this.numbers.get(declaration);
    if (first === undefined) return NONE;
    const { text, tests } = declaration;
    const body = text.indexOf('{') + 1;
    return {
      openings: [
        { start: body, end: body, text: `$coverage.entered(${first});` },
        ...tests.map(({ start }, position) => ({
          start,
          end: start,
          text: `$coverage.tested(${first + 1 + position}, `,
        })),
      ],
      closings: tests.map(({ end }) => ({ start: end, end, text: ')' })),
    };
  }

  /** What the linked code calls where a function begins. */
  entered(point: number): void {
    this.note(point, 'entered');
  }

  /** What the linked code calls with what a test came out as; hands it on. */
  tested<Value extends number | boolean>(point: number, value: Value): Value {
    this.note(point, value ? 'true' : 'false');
    return value;
  }

  private note(point: number, outcome: Outcome): void {
    const counts = this.counts[point];
    if (counts !== undefined) counts[outcome]++;
  }
}

/** Replacements that go before, and behind, all others at the same place. */
export interface CounterSplices {
  readonly openings: readonly Splice[];
  readonly closings: readonly Splice[];
}

const NONE: CounterSplices = { openings: [], closings: [] };

/** A program that counts where one of its schemes comes by, in each of its forms. */
export function withCoverage(
  program: DialectProgram,
  scheme: Scheme,
): { readonly program: DialectProgram; readonly coverage: Coverage } {
  const coverage = new Coverage();
  const files = program.files.map((file) => {
    const isPart = file.room === 'common' || file.room === scheme;
    return isPart ? { ...file, declarations: file.declarations.map(add(file.path)) } : file;
  });
  const steps = new Map([...program.scope.steps, ...countingSteps(coverage)]);
  return { program: { files, scope: { ...program.scope, steps }, coverage }, coverage };

  function add(path: string): (declaration: Declaration) => Declaration {
    return (declaration) => {
      if (declaration.kind === 'constant') return declaration;
      const first = coverage.points.length;
      const counted =
        declaration.kind === 'function'
          ? { ...declaration, body: countedBody(declaration, first) }
          : declaration;
      coverage.add(path, counted);
      return counted;
    };
  }
}
