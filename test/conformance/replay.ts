import { errnoName, loadTest, type Program, type Scheme } from '../../src/litmus/index.ts';
import type { Step } from '../../src/litmus/output/index.ts';
import { Execution, type ExecutionOptions } from '../../src/run/interpreter/execution.ts';
import {
  type Comparison,
  compareResults,
  compareStates,
  type Fields,
  fieldsOf,
  judgesMapping,
  type ModelResult,
  type RecordedState,
} from './compareStep.ts';
import { FILE_NAME } from './fileScenario.ts';
import { ModelState } from './modelState.ts';
import { isFileMode, type RecordedScenario, type RecordedStep, type Release, unitOf } from './recording.ts';
import { recordedFields } from './releases.ts';
import type { Mark, ResultRule, Scenario } from './scenario.ts';

/** A recorded step beside what the model did. */
export interface StepComparison {
  /** Position among the recorded steps, from 0. */
  readonly position: number;
  readonly op: string;
  readonly comparisons: readonly Comparison[];
}

/** What came of one scenario on the model. */
export interface Replay {
  readonly steps: readonly StepComparison[];
  /** Properties that the model found broken and the scenario does not declare, as text. */
  readonly violations: readonly string[];
}

/** The scheme of a release. */
export function schemeOf(release: Release): Scheme {
  return release === '6.12.95' ? 'devmap' : 'refcount';
}

/**
 * Executes a scenario on the model and holds every recorded step, but those left out, against it.
 * @throws if the model's steps are others than the recorded ones
 */
export function replay(
  scenario: Scenario,
  recorded: RecordedScenario,
  release: Release,
  options: ExecutionOptions = {},
): Replay {
  const loaded = loadTest(scenario.text, `${scenario.name}.litmus`);
  if ('errors' in loaded) {
    throw new Error(loaded.errors.map(({ span, message }) => `${span.line}: ${message}`).join('; '));
  }
  const execution = new Execution(loaded.program, schemeOf(release), options);
  return new Replayer(loaded.program, execution, scenario, recorded, release).run();
}

/** Bytes of the units. */
const UNITS = { '4K': 4096, '2M': 2 ** 21 } as const;

interface Expected {
  readonly position: number;
  readonly step: RecordedStep;
}

class Replayer {
  private readonly program: Program;
  private readonly scenario: Scenario;
  private readonly recorded: RecordedScenario;
  private readonly release: Release;
  private readonly execution: Execution;
  private readonly state: ModelState;
  private readonly expected: Expected[];
  private readonly done: StepComparison[] = [];
  /** Whether io_submit was called: the kernel maps a ring of one file page into the process then. */
  private hasRing = false;

  constructor(
    program: Program,
    execution: Execution,
    scenario: Scenario,
    recorded: RecordedScenario,
    release: Release,
  ) {
    this.program = program;
    this.scenario = scenario;
    this.recorded = recorded;
    this.release = release;
    this.execution = execution;
    this.state = new ModelState(program, execution.parts, scenario.registerOfView);
    this.expected = withoutLeftOut(recorded.steps, scenario.leftOut);
  }

  run(): Replay {
    const { steps } = this.execution.parts.steps;
    let seen = 0;
    for (let isOver = false; !isOver; ) {
      isOver = this.execution.advance(1);
      for (; seen < steps.length; seen++) this.observe(steps[seen] as Step);
    }
    const { error, verdict, violations } = this.execution.result();
    if (error !== undefined) throw new Error(error);
    this.exited();
    if (this.expected.length > 0) {
      throw new Error(`the model did not get to: ${this.expected.map(({ step }) => step.op).join('; ')}`);
    }
    const undeclared = verdict === 'ok' ? [] : violations;
    return {
      steps: this.done,
      violations: undeclared.map(({ property, message }) => `${property}: ${message}`),
    };
  }

  /** An operation of the model is over: compares the recorded steps that it is. */
  private observe(step: Step): void {
    if (step.op === 'io_submit') this.hasRing = true;
    for (const mark of this.scenario.marks.get(step.line) ?? []) {
      if (this.wasRecorded(mark, step)) this.compare(mark, step);
    }
  }

  /**
   * Of a mapping that was refused the steps behind it may not have been recorded; nor those after which a machine of its
   * own was lost.
   */
  private wasRecorded({ op }: Mark, { skipped }: Step): boolean {
    if (skipped) return this.expected[0]?.step.op === op;
    return this.recorded.boot === 'shared' || this.recorded.steps.some((step) => step.op === op);
  }

  private compare(mark: Mark, step: Step): void {
    const { position, step: recorded } = this.next(`'${mark.op}'`, (op) => op === mark.op);
    const owner = this.program.processes.findIndex(({ name }) => name === step.process);
    const registerValue = (name: string): number => this.state.registerValue(owner, name);
    this.done.push({
      position,
      op: recorded.op,
      comparisons: [
        { field: 'who', recorded: recorded.who, model: this.roleOf(owner) },
        ...(step.skipped ? [] : compareResults(recorded, mark.rule, resultOf(step), registerValue)),
        ...this.compareSpecial(recorded, mark.rule),
        ...this.compareState(recorded, this.state.read(owner, recorded)).filter(
          ({ field }) => !(mark.isTorn && field.startsWith('pages')),
        ),
      ],
    });
  }

  /** Which of the recording's tasks a process is: of a scenario on a file the program is a child of the runner. */
  private roleOf(process: number): RecordedStep['who'] {
    const [first] = this.program.processes;
    const isProgram = process === (first?.name === 'RUNNER' ? 1 : 0);
    if (isProgram) return 'main';
    return process === 0 ? 'runner' : 'child';
  }

  /** What a step shows that is neither its own result nor the state of pages. */
  private compareSpecial(recorded: RecordedStep, rule: ResultRule): readonly Comparison[] {
    if (rule.kind === 'size') {
      const model = (this.state.sizeOf(FILE_NAME) ?? Number.NaN) / UNITS[unitOf(this.scenario.mode)];
      return [{ field: 'result', recorded: recorded.result, model }];
    }
    if (rule.kind !== 'background') return [];
    const process = this.program.processes.findIndex(({ name }) => name === rule.process);
    const value = this.state.registerContent(process, rule.register);
    return [
      { field: 'background.done', recorded: recorded.background?.done, model: value !== undefined },
      {
        field: 'background.errno',
        recorded: recorded.background?.errno ?? null,
        model: value === undefined || value >= 0 ? null : errnoName(value),
      },
    ];
  }

  /** All processes have exited: compares what the recording's runner saw of the pages then. */
  private exited(): void {
    if (this.expected[0]?.step.who !== 'runner') return;
    const { position, step } = this.next('the end', () => true);
    this.done.push({
      position,
      op: step.op,
      comparisons: this.compareState(step, this.state.readPages(step)),
    });
  }

  private next(what: string, matches: (op: string) => boolean): Expected {
    const next = this.expected.shift();
    if (next === undefined || !matches(next.step.op)) {
      throw new Error(`the model is at ${what}, the recording at '${next?.step.op}'`);
    }
    return next;
  }

  /** Fields of a recorded step that say nothing about device-DAX. */
  private unjudged(recorded: RecordedStep): readonly string[] {
    const pages = recorded.pages
      .filter((page) => !isFileMode(this.scenario.mode) && !judgesMapping(page, this.recorded.boot))
      .map(({ index }) => `pages[${index}].mapping`);
    const entries = (recorded.ptes ?? [])
      .filter(({ view, present }) => !present && this.scenario.placedByKernel.includes(view))
      .map(({ view, va_offset }) => `ptes[${view}+${va_offset}].level`);
    return [...pages, ...entries];
  }

  private compareState(recorded: RecordedStep, model: RecordedState): readonly Comparison[] {
    const unjudged = this.unjudged(recorded);
    const ring = this.hasRing ? 1 : 0;
    const { filePages } = model;
    return compareStates(
      without(recordedFields(recorded, this.release), unjudged),
      without(
        fieldsOf(filePages === undefined ? model : { ...model, filePages: filePages + ring }),
        unjudged,
      ),
    ).filter(({ field }) => !field.startsWith(`vmas[${this.scenario.unseen.get(recorded.op)}+`));
  }
}

function resultOf({ op, text, result, errno, signal }: Step): ModelResult {
  const stored = op === 'store' ? /(\d+)\)$/.exec(text)?.[1] : undefined;
  return { result, errno, signal, stored: stored === undefined ? null : Number(stored) };
}

function withoutLeftOut(steps: readonly RecordedStep[], leftOut: readonly string[]): Expected[] {
  const left = [...leftOut];
  return steps
    .map((step, position) => ({ step, position }))
    .filter(({ step }) => {
      const at = left.indexOf(step.op);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
}

function without(fields: Fields, names: readonly string[]): Fields {
  return new Map([...fields].filter(([field]) => !names.includes(field)));
}
