import type { Branch, Program, RegisterRead, ResolvedOperation } from '../../litmus/index.ts';
import { barrierOf } from '../../litmus/program/arguments.ts';
import { EVERY_MM } from '../observe/takingCalls.ts';
import type { Plan } from '../operations/adapter.ts';
import { adapterOf } from '../operations/adapters.ts';
import { OperationContext, type World } from '../operations/context.ts';
import { TestError } from '../operations/testError.ts';
import { process } from '../state/process.ts';
import { type Content, readableValue } from '../state/registers.ts';
import { Barriers } from './barriers.ts';
import type { Processes } from './processes.ts';
import type { StepRecord } from './stepRecord.ts';
import { access, call, nothing, type Request, type Task } from './task.ts';
import type { ThreadSet } from './threadSet.ts';
import type { ThreadState } from './threadState.ts';

export interface TaskParts {
  readonly program: Program;
  readonly world: World;
  readonly threads: ThreadSet;
  readonly processes: Processes;
  /** Takes note of an operation that is over, before the thread goes on. */
  readonly record: (state: ThreadState, record: StepRecord) => void;
}

/** What threads do, one operation after the other. */
export class Tasks {
  private readonly parts: TaskParts;
  private readonly barriers: Barriers;

  constructor(parts: TaskParts) {
    this.parts = parts;
    this.barriers = new Barriers(parts.program, parts.world.memory);
  }

  /** The operation that a live thread stands at. */
  next(state: ThreadState): Task {
    const { threads, processes } = this.parts;
    if (processes.isDying(state.process)) return this.leave(state);
    const instruction = threads.instruction(state);
    switch (instruction.kind) {
      case 'operation':
        return this.operation(state, instruction.operation);
      case 'fork':
        return this.fork(state, instruction.branch);
      case 'work':
        return this.work(state, instruction.name);
      case 'end':
        return this.exit(state);
      default:
        throw new Error(`a thread stands at '${instruction.kind}', which is no operation`);
    }
  }

  /** A worker of the kernel does what an operation of the thread left to it. */
  private *work(state: ThreadState, name: string): Task {
    yield call(name, this.parts.world.memory.of(process).mm.get(state.process));
    yield* this.goOn(state);
  }

  /**
   * A process exits although its text says nothing of it: a forked child at its end, which is a step of the test, and
   * all others when the test is over.
   */
  private *exit(state: ThreadState): Task {
    yield* this.parts.processes.exit(state, this.parts.threads);
    if (state.role === 'child') {
      const { line } = this.parts.program.processes[state.process]?.span ?? { line: 1 };
      this.parts.record(state, { op: 'exit', text: 'exit', line, value: null, skipped: false });
    }
    this.parts.threads.ended(state);
  }

  /** A thread of a process that another thread ended. */
  private *leave(state: ThreadState): Task {
    yield* this.parts.processes.exit(state, this.parts.threads);
    this.parts.threads.ended(state);
  }

  /** The next operation, or the end where the process is ending. */
  private *goOn(state: ThreadState): Task {
    if (this.parts.processes.isDying(state.process)) yield* this.leave(state);
    else this.parts.threads.next(state);
  }

  private *operation(state: ThreadState, operation: ResolvedOperation): Task {
    switch (operation.operation) {
      case 'exit':
      case 'exec':
        return yield* this.end(state, operation);
      case 'barrier':
        return yield* this.barrier(state, operation);
      case 'crash':
        return yield* this.crash(state, operation);
      default:
        return yield* this.callKernel(state, operation);
    }
  }

  private *callKernel(state: ThreadState, operation: ResolvedOperation): Task {
    const { world } = this.parts;
    const unusable = this.unusable(operation.reads);
    const content = unusable === undefined ? yield* this.perform(state, operation) : unusable;
    if (unusable !== undefined) yield nothing;
    if (operation.register !== null && content !== null) world.registers.write(operation.register, content);
    this.record(state, operation, content, unusable !== undefined);
    yield* this.goOn(state);
  }

  private *perform(state: ThreadState, operation: ResolvedOperation): Generator<Request, Content, number> {
    const { world } = this.parts;
    const context = new OperationContext(world, operation, state.process, state.index);
    const adapter = adapterOf(operation.operation);
    if (adapter === undefined)
      throw new TestError(`the model has no operation '${operation.operation}'`, operation.span);
    const takesAway =
      typeof adapter.takesAway === 'function' ? adapter.takesAway(context) : adapter.takesAway;
    const { calls } = world.observer.translations;
    if (takesAway !== undefined) calls.begin(state.index, takesAway === 'own' ? context.mm : EVERY_MM);
    const returned = yield* this.carryOut(adapter.plan(context));
    const content = adapter.finish?.(context, returned) ?? { kind: 'number', value: returned };
    if (takesAway !== undefined) calls.end(state.index);
    return content;
  }

  private *carryOut(plan: Plan): Generator<Request, number, number> {
    switch (plan.kind) {
      case 'call':
        return yield plan;
      case 'steps':
        return yield* plan.carryOut();
      case 'result':
        yield nothing;
        return plan.value;
      case 'sequence': {
        let done = 0;
        for (const each of plan.calls) {
          const returned = yield each;
          if (returned < 0) return done === 0 ? returned : done;
          done++;
        }
        return done;
      }
    }
  }

  /** A thread that waits there when its process is ended never passes. */
  private *barrier(state: ThreadState, operation: ResolvedOperation): Task {
    const { processes, world } = this.parts;
    const index = barrierOf(operation, 'name') ?? 0;
    if (yield* this.barriers.meet(index, state.index, () => processes.isDying(state.process))) {
      const content: Content = { kind: 'number', value: 0 };
      if (operation.register !== null) world.registers.write(operation.register, content);
      this.record(state, operation, content, false);
    }
    yield* this.goOn(state);
  }

  /** exit() and exec(): the process, or what it was, is over. */
  private *end(state: ThreadState, operation: ResolvedOperation): Task {
    const { processes, threads } = this.parts;
    yield access(() => {
      processes.kill(state.process, threads);
      return 0;
    });
    yield* operation.operation === 'exec' ? processes.exec(state, threads) : processes.exit(state, threads);
    this.record(state, operation, null, false);
    threads.assertsBehind(state);
    threads.ended(state);
  }

  /** A power loss, which a process survives that has nothing left but its registers. */
  private *crash(state: ThreadState, operation: ResolvedOperation): Task {
    const { processes, world } = this.parts;
    yield* processes.crash(state);
    const content: Content = { kind: 'number', value: 0 };
    if (operation.register !== null) world.registers.write(operation.register, content);
    this.record(state, operation, content, false);
    yield* this.goOn(state);
  }

  private *fork(state: ThreadState, branch: Branch): Task {
    const { span, text } = branch;
    yield* this.parts.processes.fork(state, branch.process);
    this.parts.record(state, { op: 'fork', text, line: span.line, value: null, skipped: false });
    yield* this.goOn(state);
  }

  /**
   * Why an operation is skipped: the error that it takes over from a handle, null when a register was never set;
   * undefined when it can be executed.
   */
  private unusable(reads: readonly RegisterRead[]): Content | null | undefined {
    const { registers } = this.parts.world;
    for (const { register, use } of reads) {
      if (!registers.isSet(register)) return null;
      const value = registers.valueOf(register);
      if (use === 'handle' && value < 0) return { kind: 'number', value };
    }
    return undefined;
  }

  private record(
    state: ThreadState,
    operation: ResolvedOperation,
    content: Content | null,
    skipped: boolean,
  ): void {
    const value = content === null ? null : readableValue(content);
    const { text, span } = operation;
    this.parts.record(state, { op: operation.operation, text, line: span.line, value, skipped });
  }
}
