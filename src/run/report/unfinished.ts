import type { Program } from '../../litmus/index.ts';
import type { UnfinishedOperation } from '../../litmus/output/index.ts';
import type { Instruction } from '../code/instruction.ts';
import type { ThreadState } from '../interpreter/threadState.ts';
import { type WaitParts, waitAt } from '../interpreter/wait.ts';
import { actorOf } from '../observe/actor.ts';
import type { Rehearsal } from './rehearsal.ts';

export interface UnfinishedParts extends WaitParts {
  readonly program: Program;
  readonly rehearsal: Rehearsal;
}

/** Knows how operations stand that are not over: which of them wait, and for what. */
export class UnfinishedOperations {
  private readonly parts: UnfinishedParts;
  /** What each thread was found to wait for when it had taken its last step: who wakes it takes the reason away. */
  private readonly asleep: (string | undefined)[] = [];
  /** When each thread took its last step, in steps of all. */
  private readonly lastStep: number[] = [];
  private steps = 0;
  /** Threads that nobody will ever let go on, whether or not their operation has begun. */
  private readonly stuck = new Set<number>();

  constructor(parts: UnfinishedParts) {
    this.parts = parts;
  }

  /** A thread has taken a step. */
  stepped(thread: number): void {
    this.lastStep[thread] = ++this.steps;
    this.asleep[thread] = this.waitsNow(thread);
  }

  /** No thread can step: these ones would have to. */
  areStuck(threads: readonly ThreadState[]): void {
    for (const { index } of threads) this.stuck.add(index);
  }

  /** How the operation of a thread stands; undefined where it is inside of none, or has been told of already. */
  of(thread: number): UnfinishedOperation | undefined {
    const { program, threads, names, stepper } = this.parts;
    const state = threads.state(thread);
    const isStuck = this.stuck.has(thread);
    if (!isStuck && (!stepper.isInside(thread) || state.isReported)) return undefined;
    const { process, index, position } = state;
    const owner = program.processes[process];
    return {
      process: owner?.name ?? '',
      thread: program.threads[index]?.name ?? '',
      text: names.operationOf(actorOf(index, position)),
      line: lineOf(threads.instruction(state)) ?? owner?.span.line ?? 1,
      waitsFor: isStuck ? this.waitOfStuck(thread) : (this.waitsNow(thread) ?? this.asleep[thread] ?? null),
    };
  }

  /** The other threads that wait in the kernel; that threads of the test wait for each other is nothing to tell. */
  asleepBeside(thread: number): readonly number[] {
    const { stepper, threads } = this.parts;
    return threads.states.flatMap(({ index }) => {
      const isInKernel = stepper.aheadOf(index)?.kind === 'primitive';
      if (index === thread || !isInKernel) return [];
      return (this.asleep[index] ?? this.waitsNow(index)) === undefined ? [] : [index];
    });
  }

  /** All operations that are not over, in the order in which their threads stopped; last those that cannot begin. */
  all(): readonly UnfinishedOperation[] {
    return this.inOrder(this.parts.threads.states).flatMap(({ index }) => this.of(index) ?? []);
  }

  /** Threads in that order. */
  inOrder(states: readonly ThreadState[]): readonly ThreadState[] {
    const { stepper } = this.parts;
    const stopped = ({ index }: ThreadState): number =>
      stepper.isInside(index) ? (this.lastStep[index] ?? 0) : Number.MAX_SAFE_INTEGER;
    return states.toSorted((one, other) => stopped(one) - stopped(other));
  }

  private waitsNow(thread: number): string | undefined {
    const { stepper, rehearsal } = this.parts;
    const ahead = stepper.aheadOf(thread);
    if (ahead === undefined || ahead.kind === 'endless') return undefined;
    const waits = ahead.kind === 'wait' ? !ahead.request.until() : rehearsal.mustWait(thread, ahead.step);
    return waits ? (waitAt(ahead, thread, this.parts).what ?? undefined) : undefined;
  }

  private waitOfStuck(thread: number): string | null {
    const obstacle = this.parts.stepper.obstacleOf(thread);
    return obstacle === undefined ? null : waitAt(obstacle, thread, this.parts).what;
  }
}

function lineOf(instruction: Instruction): number | undefined {
  if (instruction.kind === 'operation') return instruction.operation.span.line;
  return instruction.kind === 'fork' ? instruction.branch.span.line : undefined;
}
