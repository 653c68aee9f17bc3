import { file } from '../../kernel/state/mm.ts';
import type { MmId } from '../../kernel/state/numbers.ts';
import { evaluate } from '../../litmus/expressions/evaluate.ts';
import type {
  EvaluationFailure,
  RegisterKind,
  RegisterReference,
  ResolvedOperation,
  TermLookup,
} from '../../litmus/index.ts';
import {
  deviceOf,
  hasFlag,
  numberOf,
  processOf,
  registerOf,
  wordOf,
} from '../../litmus/program/arguments.ts';
import type { Memory } from '../../machine/memory.ts';
import { PAGE_SIZE } from '../../machine/primitives/bytes.ts';
import type { Observer } from '../observe/observer.ts';
import type { Descriptors } from '../state/descriptors.ts';
import { process } from '../state/process.ts';
import type { Registers, RegisterView } from '../state/registers.ts';
import { TestError } from './testError.ts';

/** What adapters see: the operation's arguments, and the test's world. */
export interface World {
  readonly memory: Memory;
  readonly registers: Registers;
  readonly descriptors: Descriptors;
  readonly observer: Observer;
  readonly lookup: TermLookup;
}

/** One operation that a process is about to execute, or has just executed. */
export class OperationContext {
  readonly world: World;
  readonly operation: ResolvedOperation;
  /** Index of the process that executes it. */
  readonly process: number;
  /** Index of the thread that executes it. */
  readonly thread: number;

  constructor(world: World, operation: ResolvedOperation, processIndex: number, thread: number) {
    this.world = world;
    this.operation = operation;
    this.process = processIndex;
    this.thread = thread;
  }

  /** The process's address space. */
  get mm(): MmId {
    return this.mmOf(this.process);
  }

  mmOf(processIndex: number): MmId {
    return this.world.memory.of(process).mm.get(processIndex);
  }

  /** Value of a number argument; null when it was left out. */
  optionalNumber(name: string): number | null {
    const expression = numberOf(this.operation, name);
    if (expression === null) return null;
    const value: number | EvaluationFailure = evaluate(expression, this.world.lookup);
    if (typeof value !== 'number') throw new TestError(value.message, value.span);
    return value;
  }

  /** Value of a number argument that is there, or that the table has a value for. */
  number(name: string): number {
    return this.optionalNumber(name) ?? this.missing(name);
  }

  word(name: string): string {
    return wordOf(this.operation, name) ?? this.missing(name);
  }

  optionalWord(name: string): string | null {
    return wordOf(this.operation, name);
  }

  flag(name: string): boolean {
    return hasFlag(this.operation, name);
  }

  device(name: string): number {
    return deviceOf(this.operation, name) ?? this.missing(name);
  }

  processNamed(name: string): number {
    return processOf(this.operation, name) ?? this.missing(name);
  }

  reference(name: string): RegisterReference {
    return registerOf(this.operation, name) ?? this.missing(name);
  }

  /** What the register given as a handle holds. */
  holds(name: string): RegisterKind {
    const argument = this.operation.arguments[name];
    return argument?.kind === 'register' ? argument.holds : this.missing(name);
  }

  hasRegister(name: string): boolean {
    return registerOf(this.operation, name) !== null;
  }

  register(name: string): RegisterView {
    return this.world.registers.read(this.reference(name));
  }

  /** What mmap is asked to map: an open file and its device. */
  target(): { readonly file: number; readonly device: number } {
    const number = deviceOf(this.operation, 'target') ?? this.register('target').object - 1;
    const opened = this.world.descriptors.fileOf(this.process, number);
    return { file: opened, device: this.world.memory.of(file).f_mapping.get(opened) - 1 };
  }

  /** The operation took translations of a range of bytes away: none that it found may be left in a TLB. */
  unmapped(address: number, length: number): void {
    const first = Math.floor(address / PAGE_SIZE);
    const end = Math.ceil((address + length) / PAGE_SIZE);
    this.world.observer.translations.unmapped(this.thread, this.mm, first, end);
  }

  private missing(name: string): never {
    throw new Error(`'${this.operation.operation}' was resolved without its argument '${name}'`);
  }
}
