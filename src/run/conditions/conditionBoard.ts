import { evaluate } from '../../litmus/expressions/evaluate.ts';
import {
  foundValues,
  holdsUnder,
  type Program,
  type ResolvedAssert,
  type ResolvedCondition,
  type ResolvedExpression,
  type Scheme,
  type TermLookup,
} from '../../litmus/index.ts';
import { type ConditionResult, isOfEnds } from '../../litmus/output/index.ts';
import type { Finding } from '../observe/judge.ts';
import { TestError } from '../operations/testError.ts';

/** Keeps book of the conditions of one scheme: which were met so far. */
export class ConditionBoard {
  private readonly program: Program;
  private readonly scheme: Scheme;
  private readonly lookup: TermLookup;
  private readonly conditions: readonly ResolvedCondition[];
  private readonly always: readonly ResolvedCondition[];
  private readonly broken = new Set<ResolvedCondition>();
  private readonly seen = new Set<ResolvedCondition>();
  /** Whether the execution has come to where ends are judged. */
  private isOver = false;
  /** Asserts in the order in which they were first reached. */
  private readonly asserts = new Map<ResolvedAssert, boolean>();
  /** What the terms of a broken condition came to when it first was. */
  private readonly found = new Map<
    ResolvedAssert | ResolvedCondition,
    Readonly<Record<string, number | null>>
  >();

  constructor(program: Program, scheme: Scheme, lookup: TermLookup) {
    this.program = program;
    this.scheme = scheme;
    this.lookup = lookup;
    this.conditions = program.conditions.filter(({ scheme: only }) => only === null || only === scheme);
    this.always = this.conditions.filter(({ kind }) => kind === 'always');
  }

  /** Whether something has to be looked at after every step. */
  get watchesSteps(): boolean {
    return this.always.length > 0;
  }

  /** A thread reaches an assert. */
  assert(assert: ResolvedAssert): boolean {
    const holds = this.isTrue(assert.expression);
    this.asserts.set(assert, holds && this.asserts.get(assert) !== false);
    if (!holds) this.noteValues(assert);
    return holds;
  }

  /** A step was taken. Returns the conditions that it broke. */
  step(): readonly ResolvedCondition[] {
    const broken = this.always.filter(
      (condition) => !this.broken.has(condition) && !this.isTrue(condition.expression),
    );
    for (const condition of broken) this.breaks(condition);
    return broken;
  }

  /** All statements have run. */
  end(): void {
    this.isOver = true;
    for (const condition of this.conditions) {
      if (condition.kind === 'always') continue;
      const isTrue = this.isTrue(condition.expression);
      if (condition.kind === 'finally' && !isTrue) this.breaks(condition);
      if (condition.kind === 'never' && isTrue) this.breaks(condition);
      if (condition.kind === 'exists' && isTrue) this.seen.add(condition);
    }
  }

  /** Whether nothing failed: an `exists` that was not seen fails nothing in a single execution. */
  get isKept(): boolean {
    return this.broken.size === 0 && [...this.asserts.values()].every((holds) => holds);
  }

  /** Conditions, asserts and hazards in file order, with what came of them. Asserts that nobody reached are left out. */
  results(findings: readonly Finding[]): ConditionResult[] {
    const asserts = [...this.asserts].map(([assert, holds]) => ({
      kind: 'assert' as const,
      text: assert.text,
      span: assert.span,
      holds,
      isJudged: true,
      values: this.found.get(assert),
    }));
    const conditions = this.conditions.map((condition) => ({
      kind: condition.kind,
      text: condition.text,
      span: condition.span,
      holds: condition.kind === 'exists' ? this.seen.has(condition) : !this.broken.has(condition),
      isJudged: this.isOver || !isOfEnds(condition.kind),
      values: this.found.get(condition),
    }));
    const hazards = this.program.hazards
      .filter((condition) => holdsUnder(condition, this.scheme))
      .map(({ property, text, span }) => ({
        kind: 'hazard' as const,
        text,
        span,
        holds: findings.some((finding) => finding.property === property),
        isJudged: true,
        values: undefined,
      }));
    return [...asserts, ...conditions, ...hazards]
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

  private breaks(condition: ResolvedCondition): void {
    this.broken.add(condition);
    this.noteValues(condition);
  }

  private noteValues(condition: ResolvedAssert | ResolvedCondition): void {
    if (this.found.has(condition)) return;
    this.found.set(condition, foundValues(condition.expression, this.program, this.lookup));
  }

  private isTrue(expression: ResolvedExpression): boolean {
    const value = evaluate(expression, this.lookup);
    if (typeof value !== 'number') throw new TestError(value.message, value.span);
    return value !== 0 && !Number.isNaN(value);
  }
}
