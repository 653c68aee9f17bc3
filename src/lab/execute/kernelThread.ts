import type { OperationName, RegisterReference, ResolvedStatement, Thread } from '../../litmus/index.ts';
import { registerOf } from '../../litmus/index.ts';
import type { Content } from './registers.ts';
import { type Stop, threadText } from './threadText.ts';

/** What an operation came to. */
export interface Completion {
  /** What its register takes; null for nothing. */
  readonly content: Content | null;
  readonly skipped: boolean;
  /** Whether the process has ended with it. */
  readonly ended: boolean;
}

/** An operation that has begun. */
export interface UnderWay {
  /** Fulfilled when it is over; rejected when it cannot be executed. */
  readonly over: Promise<Completion>;
  /** Fulfilled when it has slept for long, with where in the kernel. */
  readonly blocked: Promise<string>;
}

/**
 * `absent`: its row has not begun, or it has ended · `live`: takes turns · `joining`: waits for the branches of its row ·
 * `finished`: a process's own thread at the end of its text, whose process lives on until the test ends.
 */
export type ThreadStatus = 'absent' | 'live' | 'joining' | 'finished';

/** A thread of the test, whose place with the agent is its index in the program. */
export class KernelThread {
  readonly index: number;
  readonly name: string;
  readonly process: number;
  /** `process`: the thread of a process block · `child`: that of a forked child · `branch`: one beside another. */
  readonly role: 'process' | 'child' | 'branch';
  status: ThreadStatus = 'absent';
  /** Where it stands; null at the end of its text. */
  stop: Stop | null = null;
  /** Its operation, once that has begun. */
  underWay: UnderWay | null = null;
  /** The barrier that it has arrived at and not passed. */
  barrier: number | null = null;
  private readonly body: Thread['body'];
  private text: Generator<Stop, void>;

  constructor({ index, name, process, main, parent, body }: Thread) {
    this.index = index;
    this.name = name;
    this.process = process;
    this.role = main ? (parent === null ? 'process' : 'child') : 'branch';
    this.body = body;
    this.text = threadText(body);
  }

  /** Begins its text, perhaps not for the first time; `next` is where that begins. */
  begin(): void {
    this.text = threadText(this.body);
    this.stop = null;
    this.underWay = null;
    this.barrier = null;
    this.status = 'live';
  }

  /** Whether an operation of its text sets a register, or changes what it holds. */
  writes(register: RegisterReference): boolean {
    return writtenIn(this.body).some(
      ({ process, slot }) => process === register.process && slot === register.slot,
    );
  }

  /** Goes on to what comes next; null at the end. */
  next(): Stop | null {
    const { done, value } = this.text.next();
    this.stop = done === true ? null : value;
    return this.stop;
  }
}

/**
 * The argument whose register holds something else after an operation: a mapping that has moved, a pipe that has been read,
 * or what was given back, so that whoever does it again is told so.
 */
const CHANGED: Partial<Readonly<Record<OperationName, string>>> = {
  mremap: 'mapping',
  unpin: 'pin',
  put: 'reference',
  io_uring_unregister: 'ring',
  io_getevents: 'request',
  pipe_drain: 'pipe',
  close_pipe: 'pipe',
  close: 'descriptor',
};

function writtenIn(body: readonly ResolvedStatement[]): RegisterReference[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'repeat') return writtenIn(statement.body);
    if (statement.kind !== 'operation') return [];
    const name = CHANGED[statement.operation];
    const changed = name === undefined ? null : registerOf(statement, name);
    return [statement.register, changed].filter((register) => register !== null);
  });
}
