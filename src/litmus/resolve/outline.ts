import type { RegisterKind } from '../operations/operation.ts';
import type { Device } from '../program/program.ts';
import { LIMITS } from '../source/limits.ts';
import type { Span } from '../source/span.ts';
import type {
  BlockStatement,
  Body,
  Identifier,
  OperationCall,
  Statement,
  TopLevelItem,
} from '../syntax/ast.ts';
import { operationOf } from './callee.ts';
import { deviceNamed } from './devices.ts';
import { KIND_TEXTS } from './kinds.ts';
import { type NameTable, refuseConstantName } from './names.ts';
import type { Report } from './report.ts';

/** A register as far as the text tells. */
export interface RegisterDraft {
  readonly name: string;
  /** Null when the operation that sets it is unknown: nothing is concluded from it then. */
  readonly kind: RegisterKind | null;
  /** Whether the text of this very process sets it. */
  readonly setHere: boolean;
  /** Whether it came from the parent at the fork. */
  readonly inherited: boolean;
  /** Where the process first sets it; for one that it only inherited, where the parent does. */
  readonly span: Span;
  /** For a file, the devices it may be on. */
  readonly devices: ReadonlySet<number>;
}

export interface ProcessDraft {
  readonly index: number;
  readonly name: string;
  readonly parent: ProcessDraft | null;
  readonly mainThread: number;
  /** By name, in slot order; a child's begin with its parent's. */
  readonly registers: Map<string, RegisterDraft>;
  /** Place of every register among them. */
  readonly slots: Map<string, number>;
  readonly span: Span;
}

export interface ThreadDraft {
  readonly index: number;
  readonly name: string;
  readonly process: ProcessDraft;
  readonly parent: ThreadDraft | null;
  readonly main: boolean;
  readonly body: Body;
  readonly span: Span;
}

export interface BarrierDraft {
  readonly index: number;
  readonly name: string;
  readonly participants: Set<number>;
}

/** Who runs what, and which names there are: everything that must be known before statements are looked at. */
export interface Outline {
  readonly processes: readonly ProcessDraft[];
  readonly threads: readonly ThreadDraft[];
  readonly barriers: ReadonlyMap<string, BarrierDraft>;
  /** The thread that runs a block. */
  readonly threadOf: ReadonlyMap<BlockStatement, ThreadDraft>;
}

/** Walks the processes of a file in file order. */
export function outlineOf(
  items: readonly TopLevelItem[],
  devices: readonly Device[],
  names: NameTable,
  report: Report,
): Outline {
  const builder = new OutlineBuilder(devices, names, report);
  for (const item of items) {
    if (item.kind === 'process') {
      builder.addProcess(item.name, item.body, null, null);
    }
  }
  return builder.finish();
}

class OutlineBuilder {
  private readonly devices: readonly Device[];
  private readonly names: NameTable;
  private readonly report: Report;
  private readonly processes: ProcessDraft[] = [];
  private readonly threads: ThreadDraft[] = [];
  private readonly barriers = new Map<string, BarrierDraft>();
  private readonly threadOf = new Map<BlockStatement, ThreadDraft>();
  private readonly ownRegisters = new Map<ProcessDraft, Map<string, RegisterDraft>>();
  private readonly threadNames = new Map<ProcessDraft, Set<string>>();

  constructor(devices: readonly Device[], names: NameTable, report: Report) {
    this.devices = devices;
    this.names = names;
    this.report = report;
  }

  finish(): Outline {
    for (const process of this.processes) {
      this.numberRegisters(process);
    }
    const { processes, threads, barriers, threadOf } = this;
    return { processes, threads, barriers, threadOf };
  }

  addProcess(name: Identifier, body: Body, parent: ThreadDraft | null, block: BlockStatement | null): void {
    if (this.processes.length === LIMITS.processes) {
      this.report.error(name.span, `more than ${LIMITS.processes} processes`, 'split the test');
    }
    this.names.declare(name, 'a process', this.report);
    const process: ProcessDraft = {
      index: this.processes.length,
      name: name.name,
      parent: parent?.process ?? null,
      mainThread: this.threads.length,
      registers: new Map(),
      slots: new Map(),
      span: name.span,
    };
    this.processes.push(process);
    this.ownRegisters.set(process, new Map());
    this.threadNames.set(process, new Set());
    this.addThread(name, body, process, parent, block);
  }

  private addThread(
    name: Identifier,
    body: Body,
    process: ProcessDraft,
    parent: ThreadDraft | null,
    block: BlockStatement | null,
  ): void {
    if (this.threads.length === LIMITS.threads) {
      this.report.error(name.span, `more than ${LIMITS.threads} threads`, 'split the test');
    }
    const index = this.threads.length;
    const main = index === process.mainThread;
    const thread: ThreadDraft = { index, name: name.name, process, parent, main, body, span: name.span };
    this.threads.push(thread);
    if (block !== null) {
      this.threadOf.set(block, thread);
    }
    this.addBody(body, thread);
  }

  private addBody(body: Body, thread: ThreadDraft): void {
    const taken = this.threadNames.get(thread.process) ?? new Set();
    const alive: ReadonlySet<string> = new Set(taken);
    for (const statement of body.statements) {
      const isInRow = statement.kind === 'thread' || statement.kind === 'fork';
      if (!isInRow) {
        restore(taken, alive);
      }
      this.addStatement(statement, thread);
      if (!isInRow) {
        restore(taken, alive);
      }
    }
  }

  private addStatement(statement: Statement, thread: ThreadDraft): void {
    switch (statement.kind) {
      case 'fork':
        this.addProcess(statement.name, statement.body, thread, statement);
        break;
      case 'thread':
        this.addNamedThread(statement, thread);
        break;
      case 'repeat':
        this.addBody(statement.body, thread);
        break;
      case 'call':
        this.addCall(statement, thread);
        break;
      case 'assert':
        break;
    }
  }

  private addNamedThread(block: BlockStatement, parent: ThreadDraft): void {
    const taken = this.threadNames.get(parent.process);
    if (taken?.has(block.name.name)) {
      const message = `process ${parent.process.name} has two threads '${block.name.name}' at a time`;
      this.report.error(block.name.span, message, 'rename one of them');
    }
    taken?.add(block.name.name);
    this.addThread(block.name, block.body, parent.process, parent, block);
  }

  private addCall(call: OperationCall, thread: ThreadDraft): void {
    if (call.operation.name === 'barrier') {
      this.addBarrier(call, thread);
    }
    if (call.register !== null) {
      this.addRegister(call.register, call, thread.process);
    }
  }

  private addBarrier(call: OperationCall, thread: ThreadDraft): void {
    const value = call.arguments[0]?.value;
    if (value?.kind !== 'path') {
      return;
    }
    const name = value.root.name;
    const barrier = this.barriers.get(name) ?? { index: this.barriers.size, name, participants: new Set() };
    barrier.participants.add(thread.index);
    this.barriers.set(name, barrier);
  }

  private addRegister(name: Identifier, call: OperationCall, process: ProcessDraft): void {
    const operation = operationOf(call, this.devices);
    const result = operation?.result ?? null;
    const kind = result === 'nothing' ? null : result;
    const devices = new Set<number>();
    const first = call.arguments[0]?.value;
    const device = first?.kind === 'path' ? deviceNamed(this.devices, first.root.name) : null;
    if (kind === 'file' && device !== null) {
      devices.add(device.index);
    }
    const registers = this.ownRegisters.get(process);
    const before = registers?.get(name.name);
    if (before === undefined) {
      refuseConstantName(name, 'the register', this.report);
      registers?.set(name.name, {
        name: name.name,
        kind,
        setHere: true,
        inherited: false,
        span: name.span,
        devices,
      });
      return;
    }
    const same = this.sameKind(name, kind, before) ?? before.kind;
    for (const earlier of before.devices) {
      devices.add(earlier);
    }
    registers?.set(name.name, { ...before, kind: same, devices });
  }

  /**
   * What a register is that is set more than once. It may hold numbers in between, but only one kind of other
   * things: what it works as is known without running the test.
   */
  private sameKind(
    name: { name: string; span: Span },
    kind: RegisterKind | null,
    before: RegisterDraft,
  ): RegisterKind | null {
    if (kind === null || before.kind === null || kind === before.kind) {
      return before.kind ?? kind;
    }
    if (kind === 'number' || before.kind === 'number') {
      return kind === 'number' ? before.kind : kind;
    }
    const was = `${KIND_TEXTS[before.kind].noun} since ${before.span.line}:${before.span.column}`;
    const message = `register '${name.name}' is ${was} and cannot become ${KIND_TEXTS[kind].noun}`;
    return this.report.error(name.span, message, 'use another register');
  }

  /** A child's registers begin with its parent's, so that fork can copy slot by slot. */
  private numberRegisters(process: ProcessDraft): void {
    for (const [name, inherited] of process.parent?.registers ?? []) {
      process.registers.set(name, { ...inherited, setHere: false, inherited: true });
    }
    for (const [name, own] of this.ownRegisters.get(process) ?? []) {
      const inherited = process.registers.get(name);
      const kind = inherited === undefined ? own.kind : this.sameKind(own, own.kind, inherited);
      const taken = this.names.whatIs(name);
      if (taken !== null) {
        this.report.error(own.span, `'${name}' is already ${taken}`, 'choose another name for the register');
      }
      const devices = new Set([...own.devices, ...(inherited?.devices ?? [])]);
      process.registers.set(name, { ...own, kind, inherited: inherited !== undefined, devices });
    }
    for (const name of process.registers.keys()) {
      process.slots.set(name, process.slots.size);
    }
  }
}

/** Threads of a row are gone when it ends: their names are free again. */
function restore(names: Set<string>, before: ReadonlySet<string>): void {
  for (const name of names) {
    if (!before.has(name)) {
      names.delete(name);
    }
  }
}
