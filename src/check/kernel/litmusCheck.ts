import type { DialectProgram, Overrides } from '../../compile/link/selection.ts';
import type { Program, PropertyName, ResolvedCondition, Scheme } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { errorResult } from '../../run/index.ts';
import { TestError } from '../../run/operations/testError.ts';
import { NeedsRegions } from '../machine/sharedMemory.ts';
import type { Model, State } from '../model.ts';
import { OptimisticSearch } from '../reductions/optimisticSearch.ts';
import { BreadthFirstSearch } from '../search/breadthFirst.ts';
import type { Coverage } from '../search/result.ts';
import { checkResult } from './checkResult.ts';
import { conditionsAtEnd, EndJudge } from './endJudge.ts';
import { LitmusComponents } from './litmusComponents.ts';
import { bootLitmusMachine, type LitmusMachine } from './litmusMachine.ts';

export interface CheckOptions {
  /** Most states to keep; without it as many as memory holds. */
  readonly maximumStates?: number;
  /** Most bytes for states, tables and caches. */
  readonly maximumBytes?: number;
  /** Also lists every distinct end, with a schedule that leads to it. */
  readonly allOutcomes?: boolean;
  /** Stops at the first violation instead of looking for others. */
  readonly firstViolation?: boolean;
  /** Only what breaks this property counts and ends an execution; what breaks others is passed over. */
  readonly sought?: PropertyName;
  /** Gives counterexamples as they are found, without looking for ones with fewer changes of thread. */
  readonly asFound?: boolean;
  /** Joins steps that no other thread can tell apart; true unless given. */
  readonly movers?: boolean;
  /** Takes a thread alone whose next steps conflict with nothing that the others will do; false unless given. */
  readonly loneGroups?: boolean;
  /** Mutations: name of a kernel function → name of its replacement. */
  readonly overrides?: Overrides;
  /** The kernel's sources, where they are others than those built in. */
  readonly sources?: DialectProgram;
}

/** What a check is made of, once its machine is booted. */
export interface CheckParts {
  readonly machine: LitmusMachine;
  readonly components: LitmusComponents;
  readonly search: OptimisticSearch;
  readonly ends: EndJudge;
  readonly endConditions: readonly ResolvedCondition[];
  readonly isCutOff: (state: State) => boolean;
}

/** Of a check that was not begun. */
export const NOTHING_COVERED: Coverage = {
  states: 0,
  expanded: 0,
  transitions: 0,
  depth: 0,
  bytes: 0,
  complete: false,
  stoppedBy: null,
};

/** The check of a test under one scheme: every execution, as far as the bounds allow; a piece at a time. */
export class LitmusCheck {
  readonly program: Program;
  readonly scheme: Scheme;
  readonly options: CheckOptions;
  private readonly ranged: string[] = [];
  private parts: CheckParts | undefined;
  private error: string | undefined;

  constructor(program: Program, scheme: Scheme, options: CheckOptions = {}) {
    this.program = program;
    this.scheme = scheme;
    this.options = options;
    this.guarded(() => this.begin());
  }

  /** Expands up to `states` further states; true once there is nothing left to do. */
  advance(states: number): boolean {
    let done = false;
    this.guarded(() => {
      done = this.parts?.search.advance(states) ?? true;
    });
    return done || this.error !== undefined;
  }

  /** Ends the check where it is: the result tells what was covered. */
  stop(): void {
    this.parts?.search.stop();
  }

  coverage(): Coverage {
    return this.parts?.search.coverage() ?? NOTHING_COVERED;
  }

  result(): TestResult {
    let result: TestResult | undefined;
    this.withTestErrors(() => {
      if (this.error === undefined && this.parts !== undefined)
        result = checkResult(this.program, this.scheme, this.options, this.parts);
    });
    const { fileName, name } = this.program;
    return result ?? errorResult(fileName, name, this.scheme, this.error ?? 'nothing was checked');
  }

  private begin(): void {
    const { program, scheme, options, ranged } = this;
    const { overrides = {}, sources, sought } = options;
    const machine = bootLitmusMachine(program, scheme, { overrides, sources, ranged, sought });
    const components = new LitmusComponents(machine);
    const always = components.properties.filter(({ kind }) => kind === 'always');
    const isCutOff = (state: State): boolean => always.some((property) => !property.holds(state));
    this.parts = {
      machine,
      components,
      search: new OptimisticSearch(
        components,
        { movers: options.movers ?? true, loneGroups: options.loneGroups ?? false },
        (model) => this.strategy(model, isCutOff),
      ),
      ends: new EndJudge(machine, components.stateProperties),
      endConditions: conditionsAtEnd(program, scheme),
      isCutOff,
    };
  }

  private strategy(model: Model, endsAt: (state: State) => boolean): BreadthFirstSearch {
    const { maximumStates, maximumBytes, firstViolation = false, loneGroups = false } = this.options;
    return new BreadthFirstSearch(model, {
      ...(maximumStates === undefined ? {} : { maximumStates }),
      ...(maximumBytes === undefined ? {} : { maximumBytes }),
      findAll: !firstViolation,
      endReachable: true,
      loneActions: loneGroups,
      endsAt,
    });
  }

  /** The test's own mistakes end the check; a struct that turns out to be used by ranges has it begin again. */
  private guarded(action: () => void): void {
    try {
      this.withTestErrors(action);
    } catch (error) {
      if (!(error instanceof NeedsRegions)) throw error;
      this.ranged.push(error.struct);
      this.guarded(() => this.begin());
    }
  }

  private withTestErrors(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof TestError)) throw error;
      const { line, column } = error.span;
      this.error = `${this.program.fileName}:${line}:${column}: ${error.message}`;
    }
  }
}

/** Checks a test to its end. */
export function check(program: Program, scheme: Scheme, options: CheckOptions = {}): TestResult {
  const running = new LitmusCheck(program, scheme, options);
  while (!running.advance(Number.POSITIVE_INFINITY)) {}
  return running.result();
}
