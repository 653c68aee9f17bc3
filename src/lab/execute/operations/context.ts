import type {
  RegisterKind,
  RegisterReference,
  ResolvedOperation,
  TermLookup,
} from '../../../litmus/index.ts';
import {
  deviceOf,
  errnoValue,
  evaluate,
  hasFlag,
  numberOf,
  processOf,
  registerOf,
  wordOf,
} from '../../../litmus/index.ts';
import type { Command } from '../../agent/agentConnection.ts';
import type { SystemCall } from '../../agent/systemCalls.ts';
import { ThreadCalls } from '../../agent/threadCalls.ts';
import { LabError } from '../../labError.ts';
import type { TestFiles } from '../files/testFiles.ts';
import { NotExpressible, TestMistake } from '../notExpressible.ts';
import type { PageWatch } from '../pageWatch.ts';
import { type Content, number, type Registers } from '../registers.ts';
import type { TestDevice, TestProcess } from '../world.ts';

/** The part of a test's world that operations see. */
export interface OperationWorld {
  readonly registers: Registers;
  readonly watch: PageWatch;
  readonly files: TestFiles;
  /** Whether an address of a process has a page that is none of a device. */
  isElsewhere(process: TestProcess, device: number, address: number): boolean;
  /** Looks where the blocks of all files are, unless an operation is blocked. */
  lookAtFiles(): Promise<void>;
  readonly devices: readonly TestDevice[];
  readonly processes: readonly TestProcess[];
  readonly lookup: TermLookup;
  /** Path of the disk for direct I/O; null where the guest has none. */
  readonly disk: string | null;
  /** A zone of that disk that nobody uses yet. */
  nextZone(): number;
  /** Lets the direct I/O of a zone finish. */
  releaseZone(zone: number): void;
  /** A ring is about to be closed: before the next operation its pins are waited for, which go a little later. */
  settleLater(): void;
  /** What comes now depends on answers, and cannot be one of a row of commands that are told in advance. */
  takeOwnTurn(): void;
  /** Whether a process that lives holds pages of a device by more than mapping them. */
  arePagesHeld(): boolean;
  /** How much direct I/O processes that live have begun and not ended. */
  requestsHeld(): number;
}

/** An operation whose process ended in the middle of it. */
export class ProcessGone extends Error {}

/** Executes one command by the thread that stands at the operation; undefined when its process has ended. */
export type CommandExecutor = (command: Command, patience?: number) => Promise<number | undefined>;

/** One operation that a thread is about to execute. */
export class OperationContext {
  readonly world: OperationWorld;
  readonly operation: ResolvedOperation;
  /** The process that executes it. */
  readonly process: TestProcess;
  /** System calls of the thread that executes it. */
  readonly calls: ThreadCalls;
  private readonly executor: CommandExecutor;

  constructor(
    world: OperationWorld,
    operation: ResolvedOperation,
    process: TestProcess,
    place: number,
    executor: CommandExecutor,
  ) {
    this.world = world;
    this.operation = operation;
    this.process = process;
    this.executor = executor;
    this.calls = new ThreadCalls(place, (name, ...args) => this.execute(name, ...args));
  }

  /** Has the agent do something; its result. */
  async execute(operation: string, ...args: readonly (number | string)[]): Promise<number> {
    return await this.executePatiently(undefined, operation, ...args);
  }

  /** The same for what may sleep for that many milliseconds without being blocked. */
  async executePatiently(
    patience: number | undefined,
    operation: string,
    ...args: readonly (number | string)[]
  ): Promise<number> {
    const result = await this.executor({ operation, arguments: args }, patience);
    if (result === undefined) throw new ProcessGone(this.operation.text);
    return result;
  }

  /** A system call. */
  async call(name: SystemCall, ...args: readonly number[]): Promise<number> {
    return await this.calls.call(name, ...args);
  }

  /** Value of a number argument; null when it was left out. */
  optionalNumber(name: string): number | null {
    const expression = numberOf(this.operation, name);
    if (expression === null) return null;
    const value = evaluate(expression, this.world.lookup);
    if (typeof value !== 'number') throw new TestMistake(value.message, value.span);
    return value;
  }

  number(name: string): number {
    return this.optionalNumber(name) ?? this.missing(name);
  }

  word(name: string): string {
    return wordOf(this.operation, name) ?? this.missing(name);
  }

  flag(name: string): boolean {
    return hasFlag(this.operation, name);
  }

  device(name: string): TestDevice {
    return this.world.devices[deviceOf(this.operation, name) ?? -1] ?? this.missing(name);
  }

  /** The process given. */
  other(): TestProcess {
    return this.world.processes[processOf(this.operation, 'process') ?? -1] ?? this.missing('process');
  }

  reference(name: string): RegisterReference {
    return registerOf(this.operation, name) ?? this.missing(name);
  }

  hasRegister(name: string): boolean {
    return registerOf(this.operation, name) !== null;
  }

  /** What the register given as a handle is for. */
  kindOf(name: string): RegisterKind {
    const argument = this.operation.arguments[name];
    return argument?.kind === 'register' ? argument.holds : this.missing(name);
  }

  content(name: string): Content {
    return this.world.registers.read(this.reference(name)) ?? this.missing(name);
  }

  mapping(): Extract<Content, { kind: 'mapping' }> {
    const content = this.content('mapping');
    return content.kind === 'mapping' ? content : this.missing('mapping');
  }

  /** Address that an operation names: the mapping's, plus the offset. */
  address(): number {
    return this.mapping().address + (this.optionalNumber('offset') ?? 0);
  }

  /** First byte and bytes of the part of the mapping that an operation names; all of it unless given. */
  range(): [address: number, length: number] {
    const { address, length } = this.mapping();
    const offset = this.optionalNumber('offset') ?? 0;
    return [address + offset, this.optionalNumber('length') ?? length - offset];
  }

  /** Bytes of the devices, anywhere in a range of this or another process, are no zeros any more. */
  wrote(address: number, length: number, process: TestProcess = this.process): void {
    for (const mapped of process.mapped) {
      const start = Math.max(address, mapped.address);
      const end = Math.min(address + length, mapped.address + mapped.length);
      if (start < end) mapped.device.wrote(mapped.offset + start - mapped.address, end - start);
    }
  }

  cannot(why: string): never {
    throw new NotExpressible(`${this.operation.operation}: ${why}`, this.operation.span);
  }

  /** The guest lacks something that other guests have: no result of the test, and nothing that a test cannot ask for. */
  fails(why: string): never {
    throw new LabError(`${this.operation.operation}: ${why}`);
  }

  mistake(why: string): never {
    throw new TestMistake(`${this.operation.operation}: ${why}`, this.operation.span);
  }

  private missing(name: string): never {
    throw new Error(`'${this.operation.operation}' was resolved without its argument '${name}'`);
  }
}

/** An errno as a result, for what is answered without the kernel. */
export function errno(name: string): Content {
  return number(errnoNumber(name));
}

export function errnoNumber(name: string): number {
  const value = errnoValue(name);
  if (value === null) throw new Error(`no errno is called ${name}`);
  return value;
}
