import { format, loadTest, type Program, parse, type Scheme } from '../../litmus/index.ts';
import type { ConditionResult, TestResult } from '../../litmus/output/index.ts';
import { parseReplay, type RunOptions, run } from '../../run/index.ts';
import { type CheckOptions, LitmusCheck } from '../kernel/litmusCheck.ts';
import { applyCut, type Cut, cutsOf } from './cuts.ts';
import { breaksTarget, type Target, targetOf } from './target.ts';

/** A test that breaks something, and the check that found out. */
export interface BrokenTest {
  readonly text: string;
  readonly program: Program;
  readonly scheme: Scheme;
  readonly result: TestResult;
  /** How it was checked. */
  readonly options: CheckOptions;
}

type Values = NonNullable<ConditionResult['values']>;

/** Smaller tests may have a few states more; one that has many more is no simpler. */
const STATES_AT_LEAST = 1000;

/**
 * Makes a test that breaks something smaller, as long as some execution breaks the same: a thing less at a time, until no
 * single one can be missed. A condition breaks the same when its terms come to the same: one that asks for a byte is not to
 * break because there is no mapping any more. What only an interleaving breaks stays so: where the plain execution, in which threads take
 * turns, breaks nothing, that of the smaller test breaks nothing either. A piece at a time, and the same from run to run.
 */
export class Minimiser {
  /** The smallest test so far, formatted. */
  text: string;
  /** What every smaller test breaks too; null if no execution of the test breaks anything. */
  readonly target: Target | null;
  /** Tests that were tried. */
  tried = 0;
  private readonly broken: BrokenTest;
  private readonly staysPlain: boolean;
  /** What the terms of the conditions came to that the test breaks. */
  private readonly found: readonly Values[];
  private readonly options: CheckOptions;
  private readonly rejected = new Set<string>();
  private cuts: readonly Cut[] = [];
  private position = 0;
  private hasShrunk = false;
  private candidate: { readonly text: string; readonly check: LitmusCheck } | undefined;
  private isDone: boolean;

  constructor(broken: BrokenTest) {
    const { text, program, scheme, result, options } = broken;
    this.broken = broken;
    this.target = targetOf(result, program, scheme);
    const formatted = format(text);
    this.text = 'text' in formatted ? formatted.text : text;
    this.isDone = this.target === null;
    this.staysPlain = this.isPlainlyOk(program);
    this.found = this.foundBy(program, result);
    const maximumStates = Math.max(STATES_AT_LEAST, 2 * result.stats.states);
    const sought = this.target?.kind === 'property' ? this.target.property : undefined;
    this.options = {
      ...options,
      maximumStates,
      allOutcomes: false,
      asFound: true,
      firstViolation: sought !== undefined,
      ...(sought && { sought }),
    };
    this.lookAgain();
  }

  /** Expands up to `states` states of the test that is tried; true once nothing more can be left out. */
  advance(states: number): boolean {
    if (this.isDone) return true;
    if (this.candidate === undefined) this.takeNext();
    else if (this.candidate.check.advance(states)) this.decide(this.candidate.text, this.candidate.check);
    return this.isDone;
  }

  /** Goes to the next cut that leaves a test. */
  private takeNext(): void {
    for (; ; this.position++) {
      const cut = this.cuts[this.position];
      if (cut === undefined) {
        if (!this.hasShrunk) this.isDone = true;
        this.hasShrunk = false;
        this.position = 0;
        return;
      }
      const formatted = format(applyCut(this.text, cut));
      if (!('text' in formatted) || formatted.text === this.text || this.rejected.has(formatted.text))
        continue;
      if (this.begin(formatted.text)) return;
      this.rejected.add(formatted.text);
    }
  }

  /** Begins to check a smaller test; false if it is none, or not one of the same kind. */
  private begin(text: string): boolean {
    const { program: original, scheme } = this.broken;
    const loaded = loadTest(text, original.fileName);
    if (!('program' in loaded)) return false;
    this.tried++;
    if (this.staysPlain && !this.isPlainlyOk(loaded.program)) return false;
    this.candidate = { text, check: new LitmusCheck(loaded.program, scheme, this.options) };
    return true;
  }

  private decide(text: string, check: LitmusCheck): void {
    this.candidate = undefined;
    const { target } = this;
    const { program, scheme } = check;
    const result = check.result();
    if (target !== null && breaksTarget(result, target, program, scheme) && this.isAlike(program, result)) {
      this.text = text;
      this.hasShrunk = true;
      this.lookAgain();
    } else {
      this.rejected.add(text);
      this.position++;
    }
  }

  private lookAgain(): void {
    this.cuts = cutsOf(parse(this.text).file, this.text);
  }

  private isPlainlyOk(program: Program): boolean {
    return this.execute(program, {}).verdict === 'ok';
  }

  /** Whether a smaller test breaks a condition with values that the test has, too. */
  private isAlike(program: Program, result: TestResult): boolean {
    if (this.found.length === 0) return true;
    return this.foundBy(program, result).some((values) =>
      this.found.some((wanted) => Object.entries(values).every(([term, value]) => wanted[term] === value)),
    );
  }

  /** What the terms of broken conditions come to, each in an execution that breaks it; nothing where a property is broken. */
  private foundBy(program: Program, { conditions }: TestResult): readonly Values[] {
    const { target } = this;
    if (target?.kind !== 'condition') return [];
    const isBroken = ({ kind, holds }: ConditionResult): boolean => kind === target.conditionKind && !holds;
    const replays = new Set(conditions.filter(isBroken).flatMap(({ replay }) => replay ?? []));
    return [...replays].flatMap((replay) => {
      const schedule = parseReplay(replay);
      if ('error' in schedule) return [];
      const executed = this.execute(program, { replay: schedule }).conditions;
      return executed.filter(isBroken).map(({ values = {} }) => values);
    });
  }

  private execute(program: Program, options: RunOptions): TestResult {
    const { overrides, sources } = this.broken.options;
    const kernel = { ...(overrides && { overrides }), ...(sources && { sources }) };
    return run(program, this.broken.scheme, { ...options, ...kernel });
  }
}
