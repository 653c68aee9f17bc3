import type { Branch, Program, Thread } from '../../litmus/index.ts';
import type { Instruction, ThreadCode } from '../code/instruction.ts';
import type { ConditionBoard } from '../conditions/conditionBoard.ts';
import type { Observer } from '../observe/observer.ts';
import { newThreadState, type ThreadRole, type ThreadState } from './threadState.ts';

/** What a thread's CPU does when the thread begins and ends. */
export interface ThreadLifeCycle {
  enter(state: ThreadState): void;
  leave(state: ThreadState): void;
}

export interface ThreadSetParts {
  readonly program: Program;
  readonly code: readonly ThreadCode[];
  readonly board: ConditionBoard;
  readonly observer: Observer;
  readonly lifeCycle: ThreadLifeCycle;
}

/**
 * The threads of the test: which of them live, and where each stands. Everything that is no operation is done here, in
 * no time: it rides with the operation before it.
 */
export class ThreadSet {
  readonly states: readonly ThreadState[];
  private readonly board: ConditionBoard;
  private readonly lifeCycle: ThreadLifeCycle;

  constructor({ program, code, board, observer, lifeCycle }: ThreadSetParts) {
    this.board = board;
    this.lifeCycle = lifeCycle;
    this.states = program.threads.map((thread) =>
      newThreadState(
        thread.index,
        thread.process,
        roleOf(thread),
        codeOf(code, thread.index),
        observer.newChangeLog(),
      ),
    );
  }

  /** Threads that take turns, in file order. */
  live(): ThreadState[] {
    return this.states.filter(({ status }) => status === 'live');
  }

  ofProcess(process: number): ThreadState[] {
    return this.states.filter((state) => state.process === process);
  }

  /** The other threads of a thread's process that have not left it. */
  othersOf(state: ThreadState): ThreadState[] {
    return this.ofProcess(state.process).filter(
      (other) => other !== state && !other.hasLeft && other.status !== 'absent',
    );
  }

  /** A thread has left its process; whether it was the last one. */
  leaves(state: ThreadState): boolean {
    state.hasLeft = true;
    return this.othersOf(state).length === 0;
  }

  /** All threads of a process have to leave: those that wait for their row do not any more. */
  wakeAll(process: number): void {
    for (const state of this.ofProcess(process)) {
      if (state.status === 'joining' || state.status === 'finished') state.status = 'live';
    }
  }

  state(thread: number): ThreadState {
    const state = this.states[thread];
    if (state === undefined) throw new Error(`the test has no thread ${thread}`);
    return state;
  }

  /** The thread that starts another one with its row; undefined for that of a process block. */
  starterOf({ index }: ThreadState): ThreadState | undefined {
    return this.states.find(({ code }) =>
      code.instructions.some(
        (instruction) =>
          instruction.kind === 'start' && instruction.branches.some(({ thread }) => thread === index),
      ),
    );
  }

  instruction(state: ThreadState): Instruction {
    return state.code.instructions[state.position] ?? { kind: 'end' };
  }

  /** A thread begins its text. */
  begin(state: ThreadState): void {
    state.position = 0;
    state.hasLeft = false;
    this.lifeCycle.enter(state);
    this.advance(state);
  }

  /** A thread has executed the operation that it stood at: goes on to the next one. */
  next(state: ThreadState): void {
    state.position++;
    this.advance(state);
  }

  /** A thread is gone: its row may be complete. */
  ended(state: ThreadState): void {
    state.status = 'absent';
    for (const parent of this.states) {
      if (parent.status === 'joining') this.advance(parent);
    }
  }

  /** Evaluates the asserts that follow the operation at which a thread ends early. */
  assertsBehind(state: ThreadState): void {
    for (let at = state.position + 1; ; at++) {
      const instruction = state.code.instructions[at];
      if (instruction?.kind !== 'assert') return;
      this.board.assert(instruction.assert);
    }
  }

  /** Runs on to the next operation, or to where the thread has to wait. */
  private advance(state: ThreadState): void {
    for (;;) {
      const instruction = this.instruction(state);
      switch (instruction.kind) {
        case 'operation':
        case 'fork':
        case 'work':
          state.status = 'live';
          return;
        case 'end':
          this.reachedEnd(state);
          return;
        case 'join':
          state.status = 'joining';
          if (!this.areAbsent(instruction.branches)) return;
          break;
        case 'assert':
          this.board.assert(instruction.assert);
          break;
        case 'start':
          for (const { thread } of instruction.branches) this.begin(this.state(thread));
          break;
        case 'repeat':
          state.counters[instruction.counter] = instruction.count;
          break;
        case 'again': {
          const left = (state.counters[instruction.counter] ?? 0) - 1;
          state.counters[instruction.counter] = left;
          if (left > 0) state.position = instruction.target - 1;
          break;
        }
      }
      state.position++;
    }
  }

  /** A child exits, which is an operation; a thread is gone; a process's own thread waits for the end of the test. */
  private reachedEnd(state: ThreadState): void {
    if (state.role === 'thread') {
      this.lifeCycle.leave(state);
      this.ended(state);
    } else {
      state.status = state.role === 'child' ? 'live' : 'finished';
    }
  }

  /** A forked child is gone when all its threads are. */
  private areAbsent(branches: readonly Branch[]): boolean {
    return branches.every(({ kind, thread, process }) =>
      (kind === 'fork' ? this.ofProcess(process) : [this.state(thread)]).every(
        ({ status }) => status === 'absent',
      ),
    );
  }
}

function roleOf({ main, parent }: Thread): ThreadRole {
  if (!main) return 'thread';
  return parent === null ? 'process' : 'child';
}

function codeOf(code: readonly ThreadCode[], thread: number): ThreadCode {
  const found = code[thread];
  if (found === undefined) throw new Error(`thread ${thread} was not flattened`);
  return found;
}
