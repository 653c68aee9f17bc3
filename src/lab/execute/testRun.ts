import { setTimeout as delay } from 'node:timers/promises';
import type { Branch, Program, ResolvedOperation, Scheme, Term } from '../../litmus/index.ts';
import { barrierOf, idleRefcount } from '../../litmus/index.ts';
import type { AgentConnection, Command } from '../agent/agentConnection.ts';
import type { KernelReport } from '../machine/kernelReports.ts';
import { Barriers } from './barriers.ts';
import { ConditionBook } from './conditionBook.ts';
import { type Completion, KernelThread, type UnderWay } from './kernelThread.ts';
import { adapterOf } from './operations/adapters.ts';
import { OperationContext, type OperationWorld, ProcessGone } from './operations/context.ts';
import type { PageReader } from './pageReader.ts';
import { PageWatch } from './pageWatch.ts';
import { ProcessLife } from './processLife.ts';
import { Recorder } from './recorder.ts';
import { type Content, Registers } from './registers.ts';
import { recordRow, replayRow } from './row.ts';
import { comesTrue, pinsDownTo } from './settling.ts';
import { type TermSources, valueOfTerm } from './terms.ts';
import { TestDevice, TestProcess } from './world.ts';

/** A booted kernel that can execute a test. */
export interface KernelSetting {
  readonly agent: AgentConnection;
  /** What the kernel calls itself. */
  readonly release: string;
  readonly scheme: Scheme;
  /** Path of the network block device; null where the guest has none. */
  readonly disk: string | null;
  readonly reader: PageReader;
  readonly devices: readonly { readonly path: string; readonly bytes: number }[];
  /** What the kernel has said so far of what is wrong with it; grows. */
  readonly reports: readonly KernelReport[];
}

/** Milliseconds that everyone may be blocked before the test counts as hung. */
const HANG_LIMIT = 5000;

/** Milliseconds that a blocked operation gets at each of its turns to come to its end. */
const TURN_LIMIT = 300;

/** More rows than a test has: seeds of rows are numbered by test and row. */
const ROWS = 1000;

/** One execution of a test on a real kernel: threads take turns in file order, one operation a turn. */
export class TestRun {
  readonly recorder: Recorder;
  private readonly program: Program;
  private readonly setting: KernelSetting;
  private readonly threads: readonly KernelThread[];
  private readonly processes: readonly TestProcess[];
  readonly devices: readonly TestDevice[];
  private readonly registers: Registers;
  private readonly life: ProcessLife;
  private readonly barriers: Barriers;
  private readonly book: ConditionBook;
  private readonly watch: PageWatch;
  private readonly world: OperationWorld;
  private readonly sources: TermSources;
  /** Chooses how the threads meet that run at once; null where they take turns. */
  private readonly seed: number | null;
  private rows = 0;
  private zones = 0;
  /** Pins that are left once a ring that was closed has given its own back; null while none was. */
  private settlingTo: number | null = null;

  /**
   * `places[i]`: which of the setting's devices stands for device i of the test. With a seed, threads run at once as far
   * as they can.
   */
  constructor(
    program: Program,
    setting: KernelSetting,
    places: readonly number[],
    seed: number | null = null,
  ) {
    const { reader, scheme, agent } = setting;
    this.program = program;
    this.setting = setting;
    this.seed = seed;
    this.threads = program.threads.map((thread) => new KernelThread(thread));
    this.processes = program.processes.map(({ index }) => new TestProcess(index));
    this.devices = program.devices.map((device) => {
      const place = places[device.index] ?? device.index;
      const { path, bytes } = setting.devices[place] ?? { path: '', bytes: 0 };
      return new TestDevice(device, path, bytes, reader.firstFrame(place));
    });
    this.registers = new Registers(program);
    this.watch = new PageWatch(program.devices, reader, places);
    const { devices, processes, registers } = this;
    this.life = new ProcessLife({ agent, devices, processes, registers, watch: this.watch });
    this.barriers = new Barriers(program);
    this.sources = {
      program,
      scheme,
      registers: this.registers,
      watch: this.watch,
      reader,
      placeOf: (device: number) => places[device] ?? device,
      bytesOf: (device: number) => this.devices[device]?.bytes ?? 0,
      isBound: (device: number) => this.devices[device]?.isBound ?? false,
      idOf: (process: number) => this.processes[process]?.id,
    };
    this.world = {
      registers: this.registers,
      watch: this.watch,
      devices: this.devices,
      processes: this.processes,
      lookup: (term) => valueOfTerm(term, this.sources),
      disk: setting.disk,
      nextZone: () => ++this.zones,
      releaseZone: (zone) => agent.release(zone),
      settleLater: () => {
        this.settlingTo ??= this.watch.pins() - 1;
      },
      arePagesHeld: () =>
        this.processes.some(
          ({ index, id }) =>
            id !== undefined && registers.heldBy(index).some(({ kind }) => kind !== 'descriptor'),
        ),
    };
    this.book = new ConditionBook(program, scheme, this.world.lookup);
    this.recorder = new Recorder({ program, setting, book: this.book, watch: this.watch });
  }

  /** Value of every register now, by `P.r`; null for one that was never set. */
  registerValues(): Record<string, number | null> {
    return Object.fromEntries(
      this.program.processes.flatMap(({ index, name, registers }) =>
        registers.map((register, slot) => {
          const value = this.registers.read({ process: index, slot })?.value ?? null;
          return [`${name}.${register.name}`, value] as const;
        }),
      ),
    );
  }

  /** Whether every page of its devices is idle again, or becomes so in a moment. Ask when its processes are gone. */
  async comesToRest(): Promise<boolean> {
    const { devices } = this.program;
    const idle = (device: number): number =>
      idleRefcount(this.setting.scheme, devices[device]?.kind ?? 'devdax');
    return await comesTrue(() => this.watch.busy(idle).length === 0);
  }

  /** Executes it to its end, or until everyone waits for ever. */
  async execute(): Promise<void> {
    for (const { index, parent, mainThread } of this.program.processes) {
      if (parent === null) await this.life.create(index, mainThread);
    }
    for (const thread of this.threads) {
      if (thread.role !== 'process') continue;
      thread.begin();
      await this.advance(thread);
    }
    this.watch.changes();
    if (await this.takeTurns()) {
      this.book.end();
      await this.exitAll();
      this.recorder.end();
    }
  }

  /** False when the test hangs. */
  private async takeTurns(): Promise<boolean> {
    let last = -1;
    let blocked = new Set<KernelThread>();
    for (;;) {
      const live = this.threads.filter(({ status }) => status === 'live');
      if (live.length === 0) return true;
      if (this.seed !== null && live.length > 1 && (await this.runTogether(live, this.seed))) {
        blocked = new Set();
        continue;
      }
      const ready = live.filter((thread) => !blocked.has(thread));
      const thread = ready.find(({ index }) => index > last) ?? ready[0];
      if (thread === undefined) {
        if (!(await this.waitForAnyone(live))) return false;
        blocked = new Set();
      } else {
        last = thread.index;
        if (await this.turn(thread)) blocked = new Set();
        else blocked.add(thread);
      }
    }
  }

  /** Lets threads run at once, up to where each has to take a turn of its own; false if none gets anywhere. */
  private async runTogether(live: readonly KernelThread[], seed: number): Promise<boolean> {
    const { agent } = this.setting;
    const rows = [];
    for (const thread of live) {
      if (thread.underWay !== null || thread.barrier !== null) continue;
      const registers = this.registers.copy(this.program);
      const sources = { ...this.sources, registers };
      const world = { ...this.world, registers, lookup: (term: Term) => valueOfTerm(term, sources) };
      const row = await recordRow(thread, world, this.processOf(thread));
      if (row.commands.length > 0) rows.push(row);
    }
    if (rows.length === 0) return false;
    for (const { thread, commands } of rows) {
      for (const { needs, command } of commands) agent.add(thread.index, needs, command);
    }
    this.rows++;
    const all = await agent.go(
      seed * ROWS + this.rows,
      rows.map(({ thread }) => thread.index),
    );
    for (const [position, row] of rows.entries()) {
      const { thread } = row;
      const results = all[position];
      if (results === undefined) throw new ProcessGone(`a row of ${thread.name}`);
      const { stop } = thread;
      const late = (command: Command): Promise<number | undefined> => agent.execute(thread.index, command);
      await replayRow(row, results, this.world, this.processOf(thread), late, (operation, content) => {
        thread.stop = { kind: 'operation', operation };
        const known = content ?? this.unusable(operation) ?? null;
        if (operation.register !== null && known !== null) this.registers.write(operation.register, known);
        this.recorder.step(thread, known?.value ?? null, content === undefined);
      });
      thread.stop = stop;
    }
    for (const { thread } of rows) await this.arrive(thread);
    return true;
  }

  /** One operation of a thread; false if it does not come to its end now. */
  private async turn(thread: KernelThread): Promise<boolean> {
    if (thread.stop?.kind === 'operation' && thread.stop.operation.operation === 'barrier') {
      return await this.meet(thread, thread.stop.operation);
    }
    const known = thread.underWay;
    if (known === null) await this.settle();
    const { over, asleep } = known ?? this.begin(thread);
    const completion = await Promise.race([over, known === null ? asleep : delay(TURN_LIMIT)]);
    if (typeof completion !== 'object') return false;
    thread.underWay = null;
    await this.complete(thread, completion);
    return true;
  }

  private async meet(thread: KernelThread, operation: ResolvedOperation): Promise<boolean> {
    await this.settle();
    if (thread.barrier === null) {
      thread.barrier = barrierOf(operation, 'name') ?? 0;
      this.barriers.arrive(thread.barrier, thread.index);
    }
    if (!this.barriers.mayPass(thread.barrier, thread.index)) return false;
    thread.barrier = null;
    await this.complete(thread, { content: { kind: 'number', value: 0 }, skipped: false, ended: false });
    return true;
  }

  private begin(thread: KernelThread): UnderWay {
    let fallAsleep: (where: string) => void = () => {};
    const asleep = new Promise<string>((resolve) => {
      fallAsleep = (where) => {
        this.recorder.sleeps(thread, where);
        resolve(where);
      };
    });
    const over = this.perform(thread, fallAsleep);
    over.catch(() => {});
    thread.underWay = { over, asleep };
    return thread.underWay;
  }

  private async perform(thread: KernelThread, asleep: (where: string) => void): Promise<Completion> {
    const { stop } = thread;
    const nothing = { content: null, skipped: false };
    if (stop === null) {
      await this.life.exit(thread, 0, asleep);
      return { ...nothing, ended: true };
    }
    if (stop.kind === 'fork') {
      await this.life.fork(thread, stop.branch);
      return { ...nothing, ended: false };
    }
    if (stop.kind !== 'operation')
      throw new Error(`a thread stands at '${stop.kind}', which is no operation`);
    const { operation } = stop;
    const unusable = this.unusable(operation);
    if (unusable !== undefined) return { content: unusable, skipped: true, ended: false };
    const context = this.contextOf(thread, operation, asleep);
    if (operation.operation === 'exit') {
      await this.life.exit(thread, context.number('status'), asleep);
      return { ...nothing, ended: true };
    }
    if (operation.operation === 'exec') {
      await this.life.exec(thread, asleep);
      return { ...nothing, ended: true };
    }
    const adapter = adapterOf(operation.operation);
    if (adapter === undefined) return context.cannot('the agent does not know it');
    return { content: await adapter(context), skipped: false, ended: false };
  }

  private contextOf(
    thread: KernelThread,
    operation: ResolvedOperation,
    asleep: (where: string) => void,
  ): OperationContext {
    const { index } = thread;
    return new OperationContext(this.world, operation, this.processOf(thread), index, (command, patience) =>
      this.setting.agent.execute(index, command, asleep, patience),
    );
  }

  private processOf({ process: index }: KernelThread): TestProcess {
    const process = this.processes[index];
    if (process === undefined) throw new Error(`the test has no process ${index}`);
    return process;
  }

  /** Why an operation is skipped, as in the model: null when a register was never set; undefined when it is not. */
  private unusable({ reads }: ResolvedOperation): Content | null | undefined {
    for (const { register, use } of reads) {
      const content = this.registers.read(register);
      if (content === undefined) return null;
      if (use === 'handle' && content.value < 0) return { kind: 'number', value: content.value };
    }
    return undefined;
  }

  /** An operation is over: takes note of it, and lets its thread go on to the next one. */
  private async complete(thread: KernelThread, { content, skipped, ended }: Completion): Promise<void> {
    const { stop } = thread;
    if (stop?.kind === 'operation' && stop.operation.register !== null && content !== null) {
      this.registers.write(stop.operation.register, content);
    }
    if (stop !== null || thread.role === 'child') this.recorder.step(thread, content?.value ?? null, skipped);
    if (!ended) return await this.advance(thread);
    for (let next = thread.next(); next?.kind === 'assert'; next = thread.next())
      this.book.assert(next.assert);
    await this.processEnded(thread.process);
  }

  /** Goes on to the next operation, or to where the thread has to wait. */
  private async advance(thread: KernelThread): Promise<void> {
    thread.next();
    await this.arrive(thread);
  }

  /** Does what is no operation, from where a thread stands. */
  private async arrive(thread: KernelThread): Promise<void> {
    for (; ; thread.next()) {
      const { stop } = thread;
      if (stop === null) return await this.reachedEnd(thread);
      switch (stop.kind) {
        case 'operation':
        case 'fork':
          thread.status = 'live';
          return;
        case 'assert':
          this.book.assert(stop.assert);
          break;
        case 'start':
          for (const branch of stop.branches) await this.start(thread, branch);
          break;
        case 'join':
          thread.status = 'joining';
          if (!this.areAbsent(stop.branches)) return;
          break;
      }
    }
  }

  private async start(parent: KernelThread, branch: Branch): Promise<void> {
    const thread = this.threads[branch.thread];
    if (thread === undefined) return;
    if (branch.kind === 'thread') await this.life.startThread(parent, branch);
    thread.begin();
    await this.advance(thread);
  }

  private async reachedEnd(thread: KernelThread): Promise<void> {
    if (thread.role !== 'branch') {
      thread.status = thread.role === 'child' ? 'live' : 'finished';
      return;
    }
    await this.life.endThread(thread);
    thread.status = 'absent';
    await this.wakeJoining();
  }

  private async wakeJoining(): Promise<void> {
    for (const thread of this.threads) if (thread.status === 'joining') await this.arrive(thread);
  }

  private areAbsent(branches: readonly Branch[]): boolean {
    return branches.every(({ kind, thread, process }) =>
      this.threads.every(
        (other) =>
          (kind === 'fork' ? other.process !== process : other.index !== thread) || other.status === 'absent',
      ),
    );
  }

  private async processEnded(index: number): Promise<void> {
    const process = this.processes[index];
    if (process !== undefined) process.id = undefined;
    for (const thread of this.threads) {
      if (thread.process !== index) continue;
      thread.status = 'absent';
      thread.underWay = null;
    }
    await this.wakeJoining();
  }

  /** The test is over: every process exits. */
  private async exitAll(): Promise<void> {
    await this.settle();
    for (const thread of this.threads) {
      if (thread.status === 'finished') await this.life.exit(thread, 0);
    }
  }

  /** Waits for what the kernel does by itself. */
  private async settle(): Promise<void> {
    if (this.settlingTo === null) return;
    await pinsDownTo(this.watch, this.settlingTo);
    this.settlingTo = null;
  }

  /** Waits until one of the blocked threads can go on; false when none does. */
  private async waitForAnyone(live: readonly KernelThread[]): Promise<boolean> {
    const under = live.flatMap(({ underWay }) => (underWay === null ? [] : [underWay.over.then(() => true)]));
    const someone = await Promise.race([
      ...under,
      delay(under.length === 0 ? 0 : HANG_LIMIT).then(() => false),
    ]);
    if (!someone) this.recorder.hangs(live);
    return someone;
  }
}
