import type { KernelVariant } from '../../../src/bugs/bugKernel.ts';
import { dev_pagemap } from '../../../src/kernel/state/dax.ts';
import type { Program, Scheme } from '../../../src/litmus/index.ts';
import { isDeclared } from '../../../src/litmus/index.ts';
import type { Step, TestResult, TraceEntry } from '../../../src/litmus/output/index.ts';
import { hasStructPage } from '../../../src/run/boot/boot.ts';
import { Execution, type ExecutionOptions, isOver, type ReplaySchedule } from '../../../src/run/index.ts';
import { type Actor, threadOf } from '../../../src/run/observe/actor.ts';
import { KnowledgeKeeper } from './knowledge.ts';
import {
  type Knowledge,
  NO_THREAD,
  type RecordedFinding,
  type RecordedOperation,
  type RecordedStep,
  type Recording,
} from './recording.ts';
import { WordRecorder } from './wordRecorder.ts';

/** Steps and words that are kept of one execution; what comes behind is not shown. */
const STEPS_KEPT = 50_000;
const WORDS_KEPT = 2_000_000;

export interface RecordOptions {
  /** Whom to let step; turns unless given. */
  readonly replay?: ReplaySchedule;
  /** The kernel to execute; the one that is built in unless given. */
  readonly variant?: KernelVariant;
  /** Steps that are kept; `STEPS_KEPT` unless given. */
  readonly stepsKept?: number;
}

/** Executes a test under one scheme and keeps every state. */
export function record(program: Program, scheme: Scheme, options: RecordOptions = {}): Recording {
  return new Recorder(program, scheme, options).record();
}

type Changes = RecordedOperation['changes'];
type OpenOperation = { -readonly [Key in keyof RecordedOperation]: RecordedOperation[Key] };

class Recorder {
  private readonly program: Program;
  private readonly scheme: Scheme;
  private readonly stepsKept: number;
  private readonly options: ExecutionOptions;
  private readonly execution: Execution;
  private readonly words: WordRecorder;
  private readonly keeper: KnowledgeKeeper;
  private readonly beginning: Knowledge;
  private readonly steps: RecordedStep[] = [];
  private readonly operations: OpenOperation[] = [];
  private readonly findings: RecordedFinding[] = [];
  /** The operation that a thread is in, and how many it has begun. */
  private readonly open = new Map<number, { readonly index: number; readonly actor: Actor }>();
  private readonly begun = new Map<number, number>();
  /** The operation that the step under way has ended. */
  private ended: { readonly step: Step; readonly changes: Changes } | undefined;

  constructor(program: Program, scheme: Scheme, { replay, variant, stepsKept = STEPS_KEPT }: RecordOptions) {
    this.program = program;
    this.scheme = scheme;
    this.stepsKept = stepsKept;
    this.options = { ...(replay && { replay }), ...variant };
    this.execution = new Execution(program, scheme, {
      ...this.options,
      onStep: (entry) => this.stepped(entry),
      onOperation: ({ by, step, changes }) => {
        const operation = this.operations[this.open.get(by)?.index ?? this.operations.length];
        if (isOver(step)) this.ended = { step, changes };
        else if (operation !== undefined) operation.changes = joined(operation.changes, changes);
      },
    });
    const { memory, observer } = this.execution.parts;
    const { memmap } = memory.of(dev_pagemap);
    this.words = new WordRecorder(
      memory,
      (struct, index) => struct !== 'page' || hasStructPage(observer.layout, memmap, index),
    );
    this.keeper = new KnowledgeKeeper(this.execution.parts);
    this.beginning = this.keeper.take();
  }

  record(): Recording {
    const isOver = this.runOn();
    const result = isOver ? this.execution.result() : this.resultOfAll();
    if (isOver && result.error === undefined) this.end();
    return {
      scheme: this.scheme,
      verdict: result.verdict,
      error: result.error ?? null,
      threads: this.program.threads.map(({ index }) => this.execution.parts.names.threadName(index)),
      fields: this.words.fields,
      initial: this.words.initial,
      beginning: this.beginning,
      changes: this.words.finish(),
      steps: this.steps,
      operations: this.operations,
      findings: this.findings,
      conditions: result.conditions,
      replay: result.replay ?? '',
      isCut: !isOver,
    };
  }

  private runOn(): boolean {
    while (this.steps.length < this.stepsKept && this.words.length < WORDS_KEPT) {
      if (this.execution.advance(1)) return true;
    }
    return false;
  }

  /** What comes of an execution that is too long to be kept: the same one again, with nobody watching. */
  private resultOfAll(): TestResult {
    const execution = new Execution(this.program, this.scheme, this.options);
    execution.advance(Number.POSITIVE_INFINITY);
    return execution.result();
  }

  private stepped(entry: TraceEntry): void {
    const { parts } = this.execution;
    const thread = threadOf(parts.observer.trail.actor);
    const operation = this.operationOf(thread);
    this.add({ thread, operation, entry, calls: [...parts.stepper.lastChain] });
    this.operationStepped(operation);
  }

  /** The last processes exit in one step, which the schedule does not know. */
  private end(): void {
    const operation: OpenOperation = {
      thread: NO_THREAD,
      ordinal: 0,
      text: 'the test is over: every process exits',
      line: 0,
      result: null,
      changes: {},
      firstStep: this.steps.length,
      lastStep: this.steps.length,
    };
    this.operations.push(operation);
    const entry: TraceEntry = { thread: '', function: 'exit', file: '', line: 0, changes: {} };
    this.add({ thread: NO_THREAD, operation: this.operations.length - 1, entry, calls: [] });
  }

  private add(step: Omit<RecordedStep, 'end' | 'knowledge'>): void {
    const { judge } = this.execution.parts.observer;
    for (const finding of judge.findings.slice(this.findings.length)) {
      const { property, message, page } = finding;
      const declared = isDeclared(finding.property, this.program, this.scheme);
      this.findings.push({ property, message, page, declared, step: this.steps.length });
    }
    this.steps.push({ ...step, end: this.words.length, knowledge: this.keeper.take() });
  }

  /** The operation that a thread is in, begun if it was in none. */
  private operationOf(thread: number): number {
    const { threads, names, observer } = this.execution.parts;
    const { actor } = observer.trail;
    const known = this.open.get(thread);
    if (known?.actor === actor) return known.index;
    const ordinal = this.begun.get(thread) ?? 0;
    this.begun.set(thread, ordinal + 1);
    const operation: OpenOperation = {
      thread,
      ordinal,
      text: names.operationOf(actor),
      line: lineOf(threads.instruction(threads.state(thread))),
      result: null,
      changes: {},
      firstStep: this.steps.length,
      lastStep: this.steps.length,
    };
    const index = this.operations.push(operation) - 1;
    this.open.set(thread, { index, actor });
    return index;
  }

  private operationStepped(index: number): void {
    const operation = this.operations[index];
    if (operation === undefined) return;
    operation.lastStep = this.steps.length - 1;
    if (this.ended === undefined) return;
    const { step, changes } = this.ended;
    this.ended = undefined;
    operation.line = step.line;
    operation.result = withoutPages(step);
    operation.changes = joined(operation.changes, changes);
    this.open.delete(operation.thread);
  }
}

/** What was changed first and then: words that are again what they were are left out. */
function joined(first: Changes, then: Changes): Changes {
  const all = Object.entries({ ...first, ...then }).map(([name, [before, after]]) => {
    return [name, [first[name]?.[0] ?? before, after]] as const;
  });
  return Object.fromEntries(all.filter(([, [before, after]]) => before !== after));
}

/** Pages are read from the states themselves. */
function withoutPages(step: Step): Step {
  return { ...step, pages: {} };
}

function lineOf(instruction: ReturnType<Execution['parts']['threads']['instruction']>): number {
  if (instruction.kind === 'operation') return instruction.operation.span.line;
  return instruction.kind === 'fork' ? instruction.branch.span.line : 0;
}
