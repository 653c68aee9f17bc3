import { DONE, PC, RESULT } from '../../compile/frames/program.ts';
import type { ResolvedAssert } from '../../litmus/index.ts';
import type { ThreadState } from '../../run/interpreter/threadState.ts';
import { actorOf } from '../../run/observe/actor.ts';
import { SHARED } from '../collapse/collapsedModel.ts';
import type { ComponentModel, StepRecord } from '../collapse/componentModel.ts';
import { Footprints } from '../collapse/footprints.ts';
import { type BoundProgram, bindProgram, mayWait, stepFrame } from '../machine/frameStep.ts';
import { type OwnState, OwnWords } from '../machine/ownWords.ts';
import { NOT_ENABLED, type Property, STEPPED, type State } from '../model.ts';
import { SharedQuestion } from '../words/sharedQuestion.ts';
import { UNTOUCHED, type WordTree } from '../words/wordTree.ts';
import type { LitmusMachine } from './litmusMachine.ts';
import { runBeside } from './runBeside.ts';
import { RunningTask } from './runningTask.ts';
import { StateProperties } from './stateProperties.ts';
import type { BrokenProperty } from './stepJudge.ts';

/** What a step broke: a property, or an assert of the test. */
export type StepFailure =
  | { readonly kind: 'property'; readonly broken: BrokenProperty }
  | { readonly kind: 'assert'; readonly assert: ResolvedAssert };

/** Steps that a thread that is alone takes at once. A loop without end is cut here, and found for what it is. */
const MOST_STEPS_AT_ONCE: number = 2 ** 21;

const FIRST_FAILURE: number = STEPPED + 1;
const NO_FRAME: Float64Array = new Float64Array(0);

/** What an attempt at a step came to, and whether another state might have had it wait. */
interface Attempt {
  readonly stepped: boolean;
  readonly waits: boolean;
}

const BLOCKED: Attempt = { stepped: false, waits: true };

/**
 * The threads of a litmus test on the kernel, as a system of components. A step is what it is in a run: one primitive
 * of the kernel, or what an operation does that makes none; so a sequence of thread numbers is a schedule of a run.
 * The test's registers, where its threads stand and what the run's observer knows are shared words; a thread's own
 * are the operation that it is in, the frame of the kernel function and the locks that it holds.
 *
 * A thread that nobody ever runs beside (that of a single process, before and after its rows) takes each operation
 * as one step, unless a condition asks for every state.
 */
export class LitmusComponents implements ComponentModel {
  readonly threads: number;
  readonly shared: WordTree;
  readonly footprints: Footprints = new Footprints();
  readonly properties: readonly Property[];
  readonly stateProperties: StateProperties;
  /** What steps broke, from failure number 2 on: the first of each property, and each assert. */
  readonly failures: StepFailure[] = [];
  private readonly parts: LitmusMachine;
  /** Kernel functions that were called so far, numbered from 1. */
  private readonly programs: BoundProgram[] = [];
  private readonly programNumbers = new Map<string, number>();
  private readonly owns: readonly OwnWords[];
  /** By thread, its own words while it is in no operation. */
  private readonly idle: readonly number[];
  private readonly beside: readonly (readonly boolean[])[];
  /** By thread, whether it executes its operations whole. */
  private readonly isAlone: readonly boolean[];
  private readonly ended: SharedQuestion;
  private readonly bootedShared: number;
  /** What the kernel function returned that was the last to end. */
  private result = 0;

  constructor(parts: LitmusMachine) {
    this.parts = parts;
    const { program, memory } = parts;
    this.threads = program.threads.length;
    this.shared = memory.words;
    this.beside = runBeside(program);
    this.owns = program.threads.map(() => new OwnWords(memory));
    memory.privateWords.fill(UNTOUCHED);
    this.idle = this.owns.map((own) => own.store({ control: [], frame: NO_FRAME, program: 0, held: [] }));
    memory.settle();
    this.bootedShared = memory.words.store();
    this.ended = new SharedQuestion(memory.words, () => this.nobodyLives());
    this.stateProperties = new StateProperties(parts, this.idle);
    this.properties = this.stateProperties.properties;
    const watchesSteps = parts.board.watchesSteps;
    this.isAlone = this.beside.map((others) => !watchesSteps && others.every((isBeside) => !isBeside));
  }

  get bytes(): number {
    return this.owns.reduce((sum, own) => sum + own.bytes, this.parts.memory.words.bytes);
  }

  kindOf(thread: number): number {
    return thread;
  }

  isInterchangeable(): boolean {
    return false;
  }

  mayRunBeside(kind: number, other: number): boolean {
    return this.beside[kind]?.[other] ?? true;
  }

  /** Where a thread stands in its program is in shared words; it comes to each place only so often. */
  isBetween(thread: number, own: number): boolean {
    return own === this.idle[thread];
  }

  initialShared(): number {
    return this.bootedShared;
  }

  initialOwn(thread: number): number {
    return this.idle[thread] ?? 0;
  }

  isEnd(state: State): boolean {
    return this.ended.of(state[SHARED] ?? 0);
  }

  isVisible(word: number): boolean {
    return this.stateProperties.visible.has(word);
  }

  step(thread: number, own: number, record: StepRecord): number {
    const { memory, machine, observer, board, threads } = this.parts;
    const state = (this.owns[thread] as OwnWords).load(own);
    const held = [...state.held];
    memory.recorder.clear();
    machine.cpu = thread;
    observer.judge.broken.length = 0;
    board.failed.length = 0;
    const isIdle = own === this.idle[thread];
    const isAbsent = isIdle && threads.state(thread).status !== 'live';
    const attempt = (): Attempt => (isAbsent ? BLOCKED : this.attempt(thread, isIdle, state, record));
    const { stepped, waits } =
      this.isAlone[thread] === true ? memory.recorder.unobserved(attempt) : attempt();
    const boundary = stepped && state.control.length === 0;
    record.footprint = this.footprints.intern({
      accesses: memory.recorder.accesses(),
      held,
      waits,
      boundary,
    });
    if (!stepped) return NOT_ENABLED;
    const failure = this.failureOfStep();
    if (failure !== undefined) return failure;
    record.own = (this.owns[thread] as OwnWords).store(state);
    memory.settle();
    return STEPPED;
  }

  describeOwn(thread: number, own: number): string {
    if (own === this.idle[thread]) return 'between operations';
    return `inside an operation (${own})`;
  }

  describeShared(shared: number): string {
    const { memory } = this.parts;
    memory.words.load(shared);
    const words: string[] = [];
    for (let word = 0; word < memory.numbers.size; word++) {
      const value = memory.words.get(word);
      if (value !== UNTOUCHED) words.push(`${this.describeWord(word)} = ${value}`);
    }
    return words.join(', ');
  }

  describeStep(thread: number, own: number): string {
    return `thread ${thread}: ${this.describeOwn(thread, own)}`;
  }

  describeFailure(failure: number): string {
    const found = this.failures[failure - FIRST_FAILURE];
    if (found === undefined) return `failure ${failure}`;
    return found.kind === 'property' ? found.broken.message : `assert ${found.assert.text}`;
  }

  describeWord(word: number): string {
    const { struct, field, index } = this.parts.memory.numbers.name(word);
    return `${struct}[${index}]${field === undefined ? '' : `.${field}`}`;
  }

  /** The failure behind its number. */
  failureAt(failure: number): StepFailure | undefined {
    return this.failures[failure - FIRST_FAILURE];
  }

  /** Lets a live thread take a step of its operation; `state` becomes what is the thread's own after it. */
  private attempt(thread: number, isIdle: boolean, state: OwnState, record: StepRecord): Attempt {
    const { threads, observer } = this.parts;
    const runState = threads.state(thread);
    observer.resume(runState, actorOf(thread, runState.position));
    if (state.program !== 0) {
      const attempt = this.stepCall(state);
      // In the middle of a kernel function, nothing of the operation around it matters.
      if (!attempt.stepped || state.program !== 0) return attempt;
      const task = this.restore(runState, state);
      task.resume(this.result);
      return this.goOn(attempt, thread, task, state, record);
    }
    const task = isIdle ? this.begin(runState) : this.restore(runState, state);
    return this.goOn(this.answer(task, state), thread, task, state, record);
  }

  private begin(runState: ThreadState): RunningTask {
    return RunningTask.begin(this.parts.tasks, runState, this.parts.memory.journal);
  }

  private restore(runState: ThreadState, { control }: OwnState): RunningTask {
    return RunningTask.restore(this.parts.tasks, runState, this.parts.memory.journal, control);
  }

  /** After a step that the operation noticed: a thread that is alone goes on to its end. */
  private goOn(
    attempt: Attempt,
    thread: number,
    task: RunningTask,
    state: OwnState,
    record: StepRecord,
  ): Attempt {
    if (attempt.stepped && this.isAlone[thread] === true) this.finish(task, state, record);
    state.control = task.request === undefined ? [] : task.stored();
    // A lock that an operation leaves behind is nobody's: its word still keeps others out.
    if (task.request === undefined) state.held = [];
    return attempt;
  }

  /** Goes on to the end of the operation, or to where it breaks something or has to wait. */
  private finish(task: RunningTask, state: OwnState, record: StepRecord): void {
    for (
      let steps = 0;
      steps < MOST_STEPS_AT_ONCE && task.request !== undefined && !this.hasBroken();
      steps++
    ) {
      const { stepped } = state.program === 0 ? this.answer(task, state) : this.stepCall(state, task);
      if (!stepped) return;
      record.steps++;
    }
  }

  private hasBroken(): boolean {
    const { observer, board } = this.parts;
    return observer.judge.broken.length > 0 || board.failed.length > 0;
  }

  /** Takes the first step of what the operation asks for. */
  private answer(task: RunningTask, state: OwnState): Attempt {
    const { request } = task;
    if (request === undefined) throw new Error('an operation asked for nothing');
    switch (request.kind) {
      case 'access':
        task.resume(request.perform());
        return { stepped: true, waits: false };
      case 'wait':
        if (!request.until()) return BLOCKED;
        task.resume(0);
        return { stepped: true, waits: true };
      case 'call': {
        state.program = this.programNumber(request.name);
        const { program, instance } = this.programOf(state);
        state.frame = new Float64Array(program.words);
        instance.start(state.frame, ...request.arguments);
        return this.stepCall(state, task);
      }
    }
  }

  /** Takes a step of the kernel function that a thread is in; when it returns, `task` goes on with the result. */
  private stepCall(state: OwnState, task?: RunningTask): Attempt {
    const { memory, observer } = this.parts;
    const program = this.programOf(state);
    let waits = false;
    if (state.frame[PC] !== DONE) {
      waits = mayWait(program, state.frame);
      if (!stepFrame(program, state.frame, state.held, memory)) return { stepped: false, waits };
      observer.catchUp();
    }
    if (state.frame[PC] === DONE) {
      this.result = state.frame[RESULT] ?? 0;
      state.frame = NO_FRAME;
      state.program = 0;
      memory.privateWords.fill(UNTOUCHED);
      task?.resume(this.result);
    }
    return { stepped: true, waits };
  }

  private programNumber(name: string): number {
    let number = this.programNumbers.get(name);
    if (number === undefined) {
      number = this.programs.push(bindProgram(this.parts.frames.program(name), this.parts.machine));
      this.programNumbers.set(name, number);
    }
    return number;
  }

  private programOf({ program }: OwnState): BoundProgram {
    return this.programs[program - 1] as BoundProgram;
  }

  /** The number of what the step broke; undefined if it broke nothing. */
  private failureOfStep(): number | undefined {
    const { observer, board } = this.parts;
    const [broken] = observer.judge.broken;
    const [assert] = board.failed;
    if (broken !== undefined) {
      return this.numberOf(
        { kind: 'property', broken },
        (known) => known.kind === 'property' && known.broken.property === broken.property,
      );
    }
    if (assert === undefined) return undefined;
    return this.numberOf(
      { kind: 'assert', assert },
      (known) => known.kind === 'assert' && known.assert === assert,
    );
  }

  private numberOf(failure: StepFailure, isSame: (known: StepFailure) => boolean): number {
    let position = this.failures.findIndex(isSame);
    if (position === -1) position = this.failures.push(failure) - 1;
    return FIRST_FAILURE + position;
  }

  private nobodyLives(): boolean {
    const { memory, threads } = this.parts;
    return memory.recorder.unobserved(() => threads.live().length === 0);
  }
}
