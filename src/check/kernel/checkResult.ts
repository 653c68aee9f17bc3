import {
  holdsUnder,
  type Program,
  type PropertyName,
  type ResolvedAssert,
  type ResolvedCondition,
  type Scheme,
} from '../../litmus/index.ts';
import {
  type ConditionResult,
  isOfEnds,
  type Outcome,
  type TestResult,
  type TraceEntry,
  type Verdict,
  type Violation,
} from '../../litmus/output/index.ts';
import { formatReplay, type ScheduleRun } from '../../run/index.ts';
import { actorsTrace } from '../counterexample/actorsTrace.ts';
import { endless } from '../counterexample/endless.ts';
import { fewestSwitches } from '../counterexample/fewestSwitches.ts';
import { replaySchedule } from '../counterexample/replay.ts';
import { scheduleOfActions, scheduleOfTrace, stepsOf } from '../counterexample/schedule.ts';
import { STUCK_PROPERTIES, type Suspect } from '../counterexample/suspect.ts';
import type { SearchResult } from '../search/result.ts';
import { type EndSummary, summarise } from './endSummary.ts';
import type { CheckOptions, CheckParts } from './litmusCheck.ts';
import { alwaysName } from './stateProperties.ts';
import { suspectsOf } from './suspects.ts';

/** States among which executions with fewer changes of thread are looked for. */
const SWITCH_STATES = 100_000;

/** A suspect, executed by a run. */
interface Counterexample {
  readonly suspect: Suspect;
  readonly result: TestResult;
  /** The violation that it shows; undefined if it shows a condition that is not met. */
  readonly violation: Violation | undefined;
}

/** What a check came to, or came to so far. */
export function checkResult(
  program: Program,
  scheme: Scheme,
  options: CheckOptions,
  parts: CheckParts,
): TestResult {
  return new ResultBuilder(program, scheme, options, parts).build();
}

class ResultBuilder {
  private readonly program: Program;
  private readonly scheme: Scheme;
  private readonly options: CheckOptions;
  private readonly parts: CheckParts;
  private readonly found: SearchResult;
  private readonly ends: EndSummary;

  constructor(program: Program, scheme: Scheme, options: CheckOptions, parts: CheckParts) {
    this.program = program;
    this.scheme = scheme;
    this.options = options;
    this.parts = parts;
    this.found = parts.search.result();
    this.ends = summarise((visit) => parts.search.forEachEnd(visit), parts.ends, parts.endConditions);
  }

  build(): TestResult {
    const { program, scheme, parts, options } = this;
    const examples = suspectsOf(parts, this.found, this.ends).map((suspect) => this.execute(suspect));
    const violations = examples.flatMap(({ violation, result }) =>
      violation === undefined ? [] : { ...violation, ...replayOf(result) },
    );
    const conditions = this.conditions(new Set(violations.map(({ property }) => property)), examples);
    const first = examples.find((example) => !this.isExpected(example));
    const { coverage } = this.found;
    return {
      file: program.fileName,
      name: program.name,
      scheme,
      source: 'model',
      verdict: this.verdict(first !== undefined, conditions, coverage.complete),
      steps: first?.result.steps ?? [],
      ...(first?.result.unfinished && { unfinished: first.result.unfinished }),
      ...(first && replayOf(first.result)),
      ...(options.allOutcomes === true ? { outcomes: this.outcomes() } : {}),
      conditions: conditions.map(({ result }) => result),
      violations,
      stats: {
        executions: this.ends.executions,
        states: coverage.states,
        transitions: coverage.transitions,
        seconds: 0,
        peakBytes: coverage.bytes,
        complete: coverage.complete,
      },
    };
  }

  /** Has a run execute a suspect: it says what happens there, and what that breaks. */
  private execute(suspect: Suspect): Counterexample {
    const { program, scheme, options } = this;
    const { overrides, sources } = options;
    const kernel = { ...(overrides && { overrides }), ...(sources && { sources }) };
    const runs = this.scheduleOf(suspect);
    const { result, entries } = replaySchedule(program, scheme, kernel, runs, suspect.end);
    if (result.error !== undefined) {
      throw new Error(`a run cannot repeat what the check found: ${result.error}`);
    }
    const violation = this.violationOf(suspect, result);
    return { suspect, result, violation: violation && explained(violation, suspect, entries, stepsOf(runs)) };
  }

  private scheduleOf({ trace, goal }: Suspect): readonly ScheduleRun[] {
    const { model } = this.parts.search;
    const actions =
      goal === null || this.options.asFound === true ? null : fewestSwitches(model, goal, SWITCH_STATES);
    return actions === null ? scheduleOfTrace(model, trace) : scheduleOfActions(model, actions);
  }

  private violationOf({ what }: Suspect, { violations }: TestResult): Violation | undefined {
    switch (what.kind) {
      case 'property': {
        const shown = violations.find(({ property }) => property === what.broken.property);
        return shown ?? { ...what.broken, actors: [], trace: [] };
      }
      case 'stuck':
        return (
          violations.find(({ property }) => STUCK_PROPERTIES.includes(property)) ?? {
            property: 'hang',
            message: 'no thread can go on',
            page: null,
            actors: [],
            trace: [],
          }
        );
      case 'assert':
      case 'condition':
        return undefined;
    }
  }

  /** Whether this is no reason to complain. */
  private isExpected({ violation }: Counterexample): boolean {
    return violation !== undefined && this.parts.machine.isPassedOver(violation.property);
  }

  private verdict(isViolated: boolean, conditions: readonly JudgedCondition[], complete: boolean): Verdict {
    if (isViolated) return 'violated';
    if (!complete) return 'incomplete';
    return conditions.every(({ result }) => result.holds) ? 'ok' : 'violated';
  }

  /** Conditions, asserts and hazards in file order. What was to be seen and was not, is not met. */
  private conditions(
    seen: ReadonlySet<PropertyName>,
    examples: readonly Counterexample[],
  ): readonly JudgedCondition[] {
    const { program, scheme, parts } = this;
    const brokenIn = new Map(examples.map(({ suspect, result }) => [brokenBy(suspect), replayOf(result)]));
    const failed = new Set(
      parts.components.failures.flatMap((failure) => (failure.kind === 'assert' ? [failure.assert] : [])),
    );
    const asserts = [...parts.machine.board.reached].map((assert): JudgedCondition => {
      const { text, span } = assert;
      return {
        offset: span.offset,
        result: {
          kind: 'assert',
          text,
          line: span.line,
          holds: !failed.has(assert),
          ...brokenIn.get(assert),
        },
      };
    });
    const conditions = program.conditions
      .filter((condition) => holdsUnder(condition, scheme))
      .map((condition): JudgedCondition => {
        const { kind, text, span } = condition;
        const isAsked = this.ends.executions > 0 || !isOfEnds(kind);
        const judged = isAsked ? {} : { judged: false as const };
        return {
          offset: span.offset,
          result: {
            kind,
            text,
            line: span.line,
            holds: this.isMet(condition),
            ...judged,
            ...brokenIn.get(condition),
          },
        };
      });
    const hazards = program.hazards
      .filter((condition) => holdsUnder(condition, scheme))
      .map(({ property, text, span }): JudgedCondition => {
        return {
          offset: span.offset,
          result: { kind: 'hazard', text, line: span.line, holds: seen.has(property) },
        };
      });
    return [...asserts, ...conditions, ...hazards].sort((left, right) => left.offset - right.offset);
  }

  private isMet(condition: ResolvedCondition): boolean {
    switch (condition.kind) {
      case 'always':
        return !this.found.findings.some(
          (finding) => finding.kind === 'broken' && finding.property === alwaysName(condition),
        );
      case 'finally':
        return !this.ends.whereFalse.has(condition);
      case 'never':
        return !this.ends.whereTrue.has(condition);
      case 'exists':
        return this.ends.whereTrue.has(condition);
    }
  }

  private outcomes(): readonly Outcome[] {
    const { search } = this.parts;
    const traces = search.tracesTo(this.ends.outcomes.map(({ state }) => state));
    return this.ends.outcomes.flatMap(({ outcome: { registers, pages } }, index) => {
      const trace = traces[index];
      if (trace === undefined) return [];
      const runs = scheduleOfTrace(search.model, trace);
      return [{ registers, pages, replay: formatReplay({ scheme: this.scheme, runs, seed: null }) }];
    });
  }
}

function replayOf({ replay }: TestResult): { readonly replay?: string } {
  return replay === undefined ? {} : { replay };
}

/** The assert or condition that a suspect breaks; null if it breaks a property. */
function brokenBy({ what }: Suspect): ResolvedAssert | ResolvedCondition | null {
  switch (what.kind) {
    case 'assert':
      return what.assert;
    case 'condition':
      return what.condition;
    case 'property':
    case 'stuck':
      return null;
  }
}

/** A violation with the steps that explain it. */
function explained(
  violation: Violation,
  { end }: Suspect,
  entries: readonly TraceEntry[],
  scheduled: number,
): Violation {
  switch (end) {
    case 'step':
      return { ...violation, trace: actorsTrace(violation, entries) };
    case 'stuck':
    case 'end':
      return violation;
    case 'endless':
      return endless(violation, entries.slice(scheduled));
  }
}

interface JudgedCondition {
  /** Where it stands in the file. */
  readonly offset: number;
  readonly result: ConditionResult;
}
