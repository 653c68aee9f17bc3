import { WouldBlock } from '../../compile/link/plain.ts';
import type { CallSite, KernelThread, PendingStep } from '../../compile/link/thread.ts';
import { actorOf } from '../observe/actor.ts';
import { Endless } from '../observe/endless.ts';
import type { Observer } from '../observe/observer.ts';
import type { KernelForms } from './kernelForms.ts';
import type { Request, Task } from './task.ts';
import type { Tasks } from './tasks.ts';
import type { ThreadState } from './threadState.ts';

/**
 * `blocked`: nothing happened · `more`: a step was taken · `again`: so it was, and others are in the way of
 * what the kernel tries · `done`: it was the operation's last one.
 */
export type StepOutcome = 'blocked' | 'more' | 'again' | 'done';

/** What a thread that cannot step waits for. */
export type Obstacle =
  | { readonly kind: 'primitive'; readonly step: PendingStep; readonly chain: readonly CallSite[] }
  | { readonly kind: 'wait'; readonly request: Extract<Request, { kind: 'wait' }> }
  /** Not a wait: it would go round and round. */
  | { readonly kind: 'endless'; readonly message: string };

/** An operation under way. */
interface Running {
  readonly state: ThreadState;
  readonly task: Task;
  readonly actor: number;
  request: Request | undefined;
  /** The kernel function that the request calls, in the generator form. */
  kernelThread: KernelThread | undefined;
  /** Why it can never go on: it had to wait while all others were gone, or makes no progress. */
  stuck: Obstacle | undefined;
}

/** Executes operations step by step, each thread's on its own CPU. */
export class Stepper {
  /** Steps taken. */
  steps = 0;
  /** Operations begun. */
  operations = 0;
  /** Attempts to begin an operation: what tells one operation's changes from another's. */
  private serial = 0;
  /** Where in the kernel the last step was taken, outermost call first; empty unless traced. */
  lastChain: readonly CallSite[] = [];
  /** Told of each step inside the kernel that a thread attempts, before it does. */
  attempts: ((thread: number, step: PendingStep) => void) | undefined;
  private readonly tasks: Tasks;
  private readonly kernel: KernelForms;
  private readonly observer: Observer;
  private readonly running = new Map<number, Running>();
  private readonly obstacles = new Map<number, Obstacle>();

  constructor(tasks: Tasks, kernel: KernelForms, observer: Observer) {
    this.tasks = tasks;
    this.kernel = kernel;
    this.observer = observer;
  }

  /** Whether no thread is inside an operation. */
  get isQuiescent(): boolean {
    return this.running.size === 0;
  }

  /** What a blocked thread waits for. */
  obstacleOf(thread: number): Obstacle | undefined {
    return this.obstacles.get(thread);
  }

  /** Whether a thread is inside an operation. */
  isInside(thread: number): boolean {
    return this.running.has(thread);
  }

  /** What may be in the way of the next step of a thread that is inside an operation; undefined where nothing can be. */
  aheadOf(thread: number): Obstacle | undefined {
    const { stuck, request, kernelThread } = this.running.get(thread) ?? {};
    if (stuck !== undefined) return stuck;
    if (request?.kind === 'wait') return { kind: 'wait', request };
    const step = kernelThread?.pending;
    return step && kernelThread && { kind: 'primitive', step, chain: kernelThread.chain };
  }

  /** Takes one step of a thread's operation; with `whole`, which needs that nobody else lives, all of them. */
  step(state: ThreadState, whole: boolean): StepOutcome {
    const known = this.running.get(state.index);
    const running = known ?? this.begin(state);
    this.observer.resume(state, running.actor);
    this.lastChain = [];
    if (known === undefined) this.resume(running, 0);
    const outcome = this.attempt(running, whole);
    if (outcome === 'blocked') {
      if (known === undefined) this.abandon(running);
      return outcome;
    }
    const { repetitions } = this.observer;
    repetitions.stepped(state.index);
    this.steps++;
    this.obstacles.delete(state.index);
    if (outcome === 'done') this.running.delete(state.index);
    return outcome === 'more' && repetitions.waitsForOthers(state.index) ? 'again' : outcome;
  }

  private begin(state: ThreadState): Running {
    const actor = actorOf(state.index, state.position);
    this.operations++;
    this.observer.begin(state, actor, ++this.serial);
    state.overlapped = this.running.size > 0;
    for (const { state: other } of this.running.values()) other.overlapped = true;
    const running: Running = {
      state,
      task: this.tasks.next(state),
      actor,
      request: undefined,
      kernelThread: undefined,
      stuck: undefined,
    };
    this.running.set(state.index, running);
    return running;
  }

  /** An operation begins with its first step: one that cannot take it has not begun, and reads its arguments again. */
  private abandon(running: Running): void {
    if (running.stuck !== undefined) return;
    running.task.return();
    this.running.delete(running.state.index);
    this.operations--;
  }

  private resume(running: Running, value: number): void {
    const { done, value: request } = running.task.next(value);
    running.request = done === true ? undefined : request;
    running.kernelThread = undefined;
  }

  private attempt(running: Running, whole: boolean): StepOutcome {
    if (running.stuck !== undefined) return 'blocked';
    do {
      const { request } = running;
      if (request === undefined) return 'done';
      switch (request.kind) {
        case 'access':
          this.resume(running, request.perform());
          break;
        case 'wait':
          if (!request.until()) return this.blocked(running, { kind: 'wait', request });
          this.resume(running, 0);
          break;
        case 'call':
          if (!this.attemptCall(running, request, whole)) return 'blocked';
          break;
      }
    } while (whole && running.request !== undefined);
    return running.request === undefined ? 'done' : 'more';
  }

  /** Takes a step inside the kernel, or all at once; false if it has to wait. */
  private attemptCall(
    running: Running,
    request: Extract<Request, { kind: 'call' }>,
    whole: boolean,
  ): boolean {
    const { index } = running.state;
    if (whole && running.kernelThread === undefined) return this.runWhole(running, request);
    const thread = running.kernelThread ?? this.kernel.start(index, request.name, request.arguments);
    running.kernelThread = thread;
    this.lastChain = thread.chain;
    if (!thread.done && !this.stepInside(running, thread)) return false;
    if (thread.blocked && thread.pending !== undefined) {
      this.blocked(running, { kind: 'primitive', step: thread.pending, chain: thread.chain });
      return false;
    }
    if (thread.done) this.resume(running, thread.result);
    return true;
  }

  /** False if the thread would go round and round. */
  private stepInside(running: Running, thread: KernelThread): boolean {
    if (thread.pending !== undefined) this.attempts?.(running.state.index, thread.pending);
    try {
      thread.step();
      return true;
    } catch (error) {
      return this.gaveUp(running, error);
    }
  }

  /** Nothing but an endless operation is expected to throw. */
  private gaveUp(running: Running, error: unknown): false {
    if (!(error instanceof Endless)) throw error;
    running.stuck = { kind: 'endless', message: error.message };
    this.blocked(running, running.stuck);
    return false;
  }

  private runWhole(running: Running, { name, arguments: args }: Extract<Request, { kind: 'call' }>): boolean {
    try {
      this.resume(running, this.kernel.run(running.state.index, name, args));
      return true;
    } catch (error) {
      if (!(error instanceof WouldBlock)) return this.gaveUp(running, error);
      const { primitive, args: waitedFor } = error;
      running.stuck = { kind: 'primitive', step: { primitive, args: waitedFor }, chain: [] };
      this.blocked(running, running.stuck);
      return false;
    }
  }

  private blocked(running: Running, obstacle: Obstacle): StepOutcome {
    this.obstacles.set(running.state.index, obstacle);
    return 'blocked';
  }
}
