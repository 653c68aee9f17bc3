import type {
  Program,
  ResolvedAssert,
  ResolvedExpression,
  Scheme,
  Span,
  TermLookup,
} from '../../litmus/index.ts';
import { evaluate, foundValues, holdsUnder } from '../../litmus/index.ts';
import { type ConditionResult, isOfEnds, type Violation } from '../../litmus/output/index.ts';
import { TestMistake } from './notExpressible.ts';
import { isUnobservable } from './terms.ts';

/** What became of one condition so far; `unknown` is one that depends on what a real kernel does not show. */
type Finding = 'met' | 'broken' | 'unknown';

interface Entry {
  readonly kind: ConditionResult['kind'];
  readonly text: string;
  readonly span: Span;
  finding: Finding;
  /** What its terms came to when it was first broken. */
  values?: ConditionResult['values'];
}

/** Keeps book of the conditions of one scheme over one execution, or over several. */
export class ConditionBook {
  private readonly program: Program;
  private readonly scheme: Scheme;
  private readonly lookup: TermLookup;
  private readonly entries = new Map<object, Entry>();
  /** Whether an execution has come to where ends are judged. */
  private isOver = false;

  constructor(program: Program, scheme: Scheme, lookup: TermLookup) {
    this.program = program;
    this.scheme = scheme;
    this.lookup = lookup;
    for (const condition of program.conditions) {
      if (condition.scheme !== null && condition.scheme !== scheme) continue;
      const finding = condition.kind === 'exists' ? 'broken' : 'met';
      this.entries.set(condition, { ...condition, finding });
    }
  }

  /** An assert is reached. */
  assert(assert: ResolvedAssert): void {
    if (assert.scheme !== null && assert.scheme !== this.scheme) return;
    const entry = this.entries.get(assert) ?? { ...assert, finding: 'met' };
    this.entries.set(assert, entry);
    this.judge(entry, assert.expression, true);
  }

  /** An operation is over: looks at every `always`. */
  step(): void {
    this.judgeAll('always', true);
  }

  /** All statements have run. */
  end(): void {
    this.isOver = true;
    this.judgeAll('finally', true);
    this.judgeAll('never', false);
    for (const condition of this.program.conditions) {
      const entry = this.entries.get(condition);
      if (condition.kind !== 'exists' || entry === undefined) continue;
      const truth = this.truthOf(condition.expression);
      if (truth === null) entry.finding = 'unknown';
      else if (truth) entry.finding = 'met';
    }
  }

  /** Whether nothing failed. An `exists` that was not seen fails nothing. */
  get isKept(): boolean {
    return [...this.entries.values()].every(({ kind, finding }) => kind === 'exists' || finding !== 'broken');
  }

  /** Conditions, asserts and hazards in file order. What could not be judged is left out. */
  results(violations: readonly Violation[]): ConditionResult[] {
    const judged = [...this.entries.values()]
      .filter(({ finding }) => finding !== 'unknown')
      .map(({ kind, text, span, finding, values }) => ({
        kind,
        text,
        span,
        holds: finding === 'met',
        isJudged: this.isOver || !isOfEnds(kind),
        values,
      }));
    const hazards = this.program.hazards
      .filter((condition) => holdsUnder(condition, this.scheme))
      .map(({ property, text, span }) => ({
        kind: 'hazard' as const,
        text,
        span,
        holds: violations.some((violation) => violation.property === property),
        isJudged: true,
        values: undefined,
      }));
    return [...judged, ...hazards]
      .sort((left, right) => left.span.offset - right.span.offset)
      .map(({ kind, text, span, holds, isJudged, values }) => ({
        kind,
        text,
        line: span.line,
        holds,
        ...(isJudged ? {} : { judged: false as const }),
        ...(values === undefined ? {} : { values }),
      }));
  }

  private judgeAll(kind: ConditionResult['kind'], wanted: boolean): void {
    for (const condition of this.program.conditions) {
      const entry = this.entries.get(condition);
      if (condition.kind === kind && entry !== undefined) this.judge(entry, condition.expression, wanted);
    }
  }

  private judge(entry: Entry, expression: ResolvedExpression, wanted: boolean): void {
    const truth = this.truthOf(expression);
    if (truth === null) {
      if (entry.finding === 'met') entry.finding = 'unknown';
    } else if (truth !== wanted && entry.finding !== 'broken') {
      entry.finding = 'broken';
      entry.values = foundValues(expression, this.program, this.lookup);
    }
  }

  /** Null when the kernel does not show what it depends on. */
  private truthOf(expression: ResolvedExpression): boolean | null {
    const value = evaluate(expression, this.lookup);
    if (typeof value === 'number') return value !== 0 && !Number.isNaN(value);
    if (isUnobservable(value)) return null;
    throw new TestMistake(value.message, value.span);
  }
}
