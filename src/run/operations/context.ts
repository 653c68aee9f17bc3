import { FIRST_INODE } from '../../kernel/state/inode.ts';
import { file as files } from '../../kernel/state/mm.ts';
import type { FileId, MmId } from '../../kernel/state/numbers.ts';
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
  textOf,
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

  /** The number of a file's name. */
  fileName(name: string): number {
    const text = textOf(this.operation, name) ?? this.missing(name);
    return this.world.observer.layout.fileNames.indexOf(text);
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

  /** What mmap is asked to map: an open file, 0 if it is closed, and the device that it is or lies on. */
  target(): { readonly file: FileId; readonly device: number } {
    const { descriptors, observer, memory } = this.world;
    const device = deviceOf(this.operation, 'target');
    const file = device === null ? this.openFile('target') : descriptors.fileOf(this.process, device);
    const mapping = memory.of(files).f_mapping.get(file);
    return { file, device: mapping < FIRST_INODE ? mapping - 1 : observer.files.deviceOf(mapping) };
  }

  /** The open file behind a register; 0 if it is closed. */
  openFile(name: string): FileId {
    const { object } = this.register(name);
    return object === 0 ? 0 : this.world.descriptors.fileOf(this.process, object - 1);
  }

  /** Whether a mapping is one of a file, rather than of a device. */
  mapsFile(name: string): boolean {
    return this.isFileSystem(this.register(name).device);
  }

  /** Whether a device carries a file system. */
  isFileSystem(device: number): boolean {
    return this.world.observer.layout.extents[device]?.kind === 'fsdax';
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
