import { setTimeout as delay } from 'node:timers/promises';
import { barrierOf, type Program, type ResolvedOperation } from '../../litmus/index.ts';
import { hasFallen } from '../machine/kernelReports.ts';
import { Barriers } from './barriers.ts';
import { ConditionBook } from './conditionBook.ts';
import type { TestFiles } from './files/testFiles.ts';
import type { KernelSetting } from './kernelSetting.ts';
import { type Completion, KernelThread } from './kernelThread.ts';
import { Performer } from './performer.ts';
import { Recorder } from './recorder.ts';
import { RunWorld } from './runWorld.ts';
import { SecondWitness } from './secondWitness.ts';
import { ThreadFlow } from './threadFlow.ts';
import { runTogether } from './together.ts';
import type { TestDevice } from './world.ts';

/** Milliseconds that everyone may be blocked before the test counts as hung. */
const HANG_LIMIT = 5000;

/** Milliseconds between two looks at whether the kernel has fallen, and nobody wakes anybody any more. */
const HANG_LOOK = 1000;

/** Milliseconds that a blocked operation gets at each of its turns to come to its end. */
const TURN_LIMIT = 300;

/** More rows than a test has: seeds of rows are numbered by test and row. */
const ROWS = 1000;

/** One execution of a test on a real kernel: threads take turns in file order, one operation a turn. */
export class TestRun {
  readonly recorder: Recorder;
  private readonly run: RunWorld;
  private readonly threads: readonly KernelThread[];
  private readonly barriers: Barriers;
  private readonly book: ConditionBook;
  private readonly performer: Performer;
  private readonly flow: ThreadFlow;
  private readonly witness: SecondWitness;
  /** Chooses how the threads meet that run at once; null where they take turns. */
  private readonly seed: number | null;
  private rows = 0;

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
    this.seed = seed;
    this.run = new RunWorld(program, setting, places);
    this.threads = program.threads.map((thread) => new KernelThread(thread));
    this.barriers = new Barriers(program);
    const { watch, files, world } = this.run;
    this.book = new ConditionBook(program, setting.scheme, world.lookup);
    this.recorder = new Recorder({
      program,
      setting,
      book: this.book,
      watch,
      files,
      isSettling: () => this.run.isSettling,
    });
    this.performer = new Performer(this.run, this.recorder);
    const { agent, reader } = setting;
    this.witness = new SecondWitness({ program, agent, reader, processes: this.run.processes });
    this.flow = new ThreadFlow(this.run, this.threads, this.book);
  }

  get files(): TestFiles {
    return this.run.files;
  }

  get devices(): readonly TestDevice[] {
    return this.run.devices;
  }

  /** Value of every register now, by `P.r`; null for one that was never set. */
  registerValues(): Record<string, number | null> {
    return this.run.registerValues();
  }

  /** Whether every page of its devices is idle again, or becomes so in a moment. Ask when its processes are gone. */
  async comesToRest(): Promise<boolean> {
    return await this.run.comesToRest();
  }

  /** Executes it to its end, or until everyone waits for ever. */
  async execute(): Promise<void> {
    await this.run.files.begin();
    for (const { index, parent, mainThread } of this.run.program.processes) {
      if (parent === null) await this.run.life.create(index, mainThread);
    }
    for (const thread of this.threads) {
      if (thread.role !== 'process') continue;
      thread.begin();
      await this.flow.advance(thread);
    }
    this.run.watch.changes();
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

  /** Lets threads run at once as far as they can; false if none gets anywhere. */
  private async runTogether(live: readonly KernelThread[], seed: number): Promise<boolean> {
    this.rows++;
    const gone = await runTogether(this.run, this.recorder, live, seed * ROWS + this.rows);
    for (const thread of gone) await this.flow.arrive(thread);
    return gone.length > 0;
  }

  /** One operation of a thread; false if it does not come to its end now. */
  private async turn(thread: KernelThread): Promise<boolean> {
    if (thread.stop?.kind === 'operation' && thread.stop.operation.operation === 'barrier') {
      return await this.meet(thread, thread.stop.operation);
    }
    const known = thread.underWay;
    if (known === null) await this.run.settle();
    const { over, blocked } = known ?? this.performer.begin(thread);
    const completion = await Promise.race([over, known === null ? blocked : delay(TURN_LIMIT)]);
    if (typeof completion !== 'object') return false;
    thread.underWay = null;
    await this.complete(thread, completion);
    return true;
  }

  private async meet(thread: KernelThread, operation: ResolvedOperation): Promise<boolean> {
    await this.run.settle();
    if (thread.barrier === null) {
      thread.barrier = barrierOf(operation, 'name') ?? 0;
      this.barriers.arrive(thread.barrier, thread.index);
    }
    if (!this.barriers.mayPass(thread.barrier, thread.index)) return false;
    thread.barrier = null;
    await this.complete(thread, { content: { kind: 'number', value: 0 }, skipped: false, ended: false });
    return true;
  }

  /** An operation is over: takes note of it, and lets its thread go on to the next one. */
  private async complete(thread: KernelThread, { content, skipped, ended }: Completion): Promise<void> {
    const { stop } = thread;
    if (stop?.kind === 'operation' && content !== null) {
      this.run.registers.take(thread.process, stop.operation.register, content);
    }
    this.run.blocked.delete(thread);
    await this.run.lookAtFiles();
    if (stop?.kind === 'operation' && content !== null && content.value < 0) {
      await this.run.expectRoom(stop.operation);
    }
    if (stop !== null || thread.role === 'child') this.recorder.step(thread, content?.value ?? null, skipped);
    if (ended) {
      for (let next = thread.next(); next?.kind === 'assert'; next = thread.next())
        this.book.assert(next.assert);
      await this.flow.processEnded(thread.process);
    } else {
      if (this.seed === null) await this.witness.compare(this.threads);
      await this.flow.advance(thread);
    }
  }

  /** The test is over: every process exits. */
  private async exitAll(): Promise<void> {
    await this.run.settle();
    for (const thread of this.threads) {
      if (thread.status === 'finished') await this.run.life.exit(thread, 0);
    }
  }

  /** Waits until one of the blocked threads can go on; false when none does. */
  private async waitForAnyone(live: readonly KernelThread[]): Promise<boolean> {
    const under = live.flatMap(({ underWay }) => (underWay === null ? [] : [underWay.over.then(() => true)]));
    let someone = false;
    for (let waited = 0; under.length > 0 && !someone && waited < HANG_LIMIT; waited += HANG_LOOK) {
      someone = await Promise.race([...under, delay(HANG_LOOK).then(() => false)]);
      if (hasFallen(this.run.setting.reports)) break;
    }
    if (!someone) this.recorder.hangs(live);
    return someone;
  }
}
