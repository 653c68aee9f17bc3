import { DONE, type Frame, PC, RESULT } from '../../compile/frames/program.ts';
import type { FrameKernel } from '../../compile/link.ts';
import type { Machine } from '../../machine/machine.ts';
import { FIRST_OWN } from '../collapse/collapsedModel.ts';
import type { ComponentModel, StepRecord } from '../collapse/componentModel.ts';
import { Footprints } from '../collapse/footprints.ts';
import { NOT_ENABLED, type Property, STEPPED, type State } from '../model.ts';
import { UNTOUCHED, type WordTree } from '../words/wordTree.ts';
import { type BoundProgram, bindProgram, mayWait, stepFrame } from './frameStep.ts';
import { OwnWords } from './ownWords.ts';
import type { SharedMemory } from './sharedMemory.ts';

/** One kernel function that a thread calls, with its arguments. */
export interface FrameCall {
  readonly name: string;
  readonly arguments: readonly number[];
}

export interface FrameThreadsOptions {
  readonly kernel: FrameKernel;
  readonly memory: SharedMemory;
  /** What each thread calls, one after the other. Threads with the very same list are of one kind. */
  readonly threads: readonly (readonly FrameCall[])[];
  /** Sets the shared words up before anybody runs. */
  readonly boot: (machine: Machine) => void;
  /** Whether threads of one kind may be exchanged: no word names a thread. */
  readonly interchangeable: boolean;
}

/** A warning of the kernel ends the execution. */
const WARNED = 2;

/** Threads that do nothing but call kernel functions compiled to frames, as a system of components. */
export class FrameThreads implements ComponentModel {
  readonly threads: number;
  readonly shared: WordTree;
  readonly footprints: Footprints = new Footprints();
  readonly properties: readonly Property[] = [];
  private readonly memory: SharedMemory;
  private readonly machine: Machine;
  private readonly calls: readonly (readonly FrameCall[])[];
  private readonly programs = new Map<string, BoundProgram>();
  private readonly kernel: FrameKernel;
  private readonly kinds: readonly number[];
  private readonly owns: readonly OwnWords[];
  private readonly interchangeable: boolean;
  private readonly bootedShared: number;
  private readonly warnings: string[] = [];
  private warned = 0;

  constructor({ kernel, memory, threads, boot, interchangeable }: FrameThreadsOptions) {
    this.kernel = kernel;
    this.memory = memory;
    this.shared = memory.words;
    this.calls = threads;
    this.threads = threads.length;
    this.interchangeable = interchangeable;
    const lists = [...new Set(threads)];
    this.kinds = threads.map((list) => lists.indexOf(list));
    this.owns = lists.map(() => new OwnWords(memory));
    this.machine = {
      memory,
      cpus: threads.length,
      cpu: 0,
      observer: { warning: (_cpu, text) => this.warning(text), translated: () => {} },
    };
    boot(this.machine);
    memory.recorder.clear();
    memory.settle();
    this.bootedShared = memory.words.store();
  }

  kindOf(thread: number): number {
    return this.kinds[thread] ?? 0;
  }

  isInterchangeable(): boolean {
    return this.interchangeable;
  }

  mayRunBeside(kind: number, other: number): boolean {
    return kind !== other || this.kinds.indexOf(kind) !== this.kinds.lastIndexOf(kind);
  }

  isBetween(): boolean {
    return false;
  }

  initialShared(): number {
    return this.bootedShared;
  }

  initialOwn(thread: number): number {
    return this.ownWords(thread).store({
      control: [0],
      frame: this.startCall(thread, 0),
      program: 0,
      held: [],
    });
  }

  step(thread: number, own: number, record: StepRecord): number {
    const { memory } = this;
    const owns = this.ownWords(thread);
    const state = owns.load(own);
    const [position = 0] = state.control;
    const call = this.calls[thread]?.[position];
    if (call === undefined) {
      record.footprint = this.footprints.intern({ accesses: [], held: [], waits: false, boundary: false });
      return NOT_ENABLED;
    }
    memory.recorder.clear();
    this.machine.cpu = thread;
    this.warned = 0;
    const program = this.program(call.name);
    const waits = mayWait(program, state.frame);
    const held = [...state.held];
    const stepped = stepFrame(program, state.frame, state.held, memory);
    if (stepped && state.frame[PC] === DONE) {
      state.control[0] = position + 1;
      state.frame = this.startCall(thread, position + 1);
    }
    const accesses = memory.recorder.accesses();
    record.footprint = this.footprints.intern({ accesses, held, waits, boundary: false });
    if (!stepped) return NOT_ENABLED;
    if (this.warned > 0) return WARNED + this.warned - 1;
    record.own = owns.store(state);
    memory.settle();
    return STEPPED;
  }

  isEnd(state: State): boolean {
    return this.calls.every(
      (calls, thread) => this.ownWords(thread).firstControl(state[FIRST_OWN + thread] ?? 0) >= calls.length,
    );
  }

  isVisible(): boolean {
    return false;
  }

  describeOwn(thread: number, own: number): string {
    const { control, frame } = this.ownWords(thread).load(own);
    const call = this.calls[thread]?.[control[0] ?? 0];
    if (call === undefined) return 'done';
    const chain = this.program(call.name).program.points[frame[PC] ?? 0]?.chain ?? [];
    return chain.map(({ callee, line }) => `${callee}:${line}`).join(' < ');
  }

  describeShared(shared: number): string {
    this.memory.words.load(shared);
    const words: string[] = [];
    for (let word = 0; word < this.memory.numbers.size; word++) {
      const value = this.memory.words.get(word);
      if (value !== UNTOUCHED) words.push(`${this.describeWord(word)} = ${value}`);
    }
    return words.join(', ');
  }

  describeStep(thread: number, own: number): string {
    return `thread ${thread}: ${this.describeOwn(thread, own)}`;
  }

  describeFailure(failure: number): string {
    return this.warnings[failure - WARNED] ?? `failure ${failure}`;
  }

  describeWord(word: number): string {
    const { struct, field, index } = this.memory.numbers.name(word);
    return `${struct}[${index}]${field === undefined ? '' : `.${field}`}`;
  }

  get bytes(): number {
    return this.owns.reduce((sum, owns) => sum + owns.bytes, this.memory.words.bytes);
  }

  private ownWords(thread: number): OwnWords {
    return this.owns[this.kindOf(thread)] as OwnWords;
  }

  private program(name: string): BoundProgram {
    let program = this.programs.get(name);
    if (program === undefined) {
      program = bindProgram(this.kernel.program(name), this.machine);
      this.programs.set(name, program);
    }
    return program;
  }

  /** The frame in which a thread stands before the first primitive of its next call; empty after the last one. */
  private startCall(thread: number, position: number): Frame {
    this.memory.privateWords.fill(UNTOUCHED);
    const call = this.calls[thread]?.[position];
    if (call === undefined) return new Float64Array(0);
    const { program, instance } = this.program(call.name);
    const frame = new Float64Array(program.words);
    this.machine.cpu = thread;
    instance.start(frame, ...call.arguments);
    if (frame[PC] === DONE) throw new Error(`${call.name} has no step (result ${frame[RESULT]})`);
    return frame;
  }

  private warning(text: string): void {
    let number = this.warnings.indexOf(text);
    if (number === -1) number = this.warnings.push(text) - 1;
    this.warned = number + 1;
  }
}
