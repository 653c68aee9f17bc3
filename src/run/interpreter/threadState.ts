import type { ThreadCode } from '../code/instruction.ts';
import type { ChangeLog } from '../observe/changeLog.ts';

/**
 * `absent`: its row has not begun, or it has ended · `live`: takes turns · `joining`: waits for the branches of its
 * row · `finished`: a process's own thread at the end of its text, whose process lives on until the test ends.
 */
export type ThreadStatus = 'absent' | 'live' | 'joining' | 'finished';

/** `process`: the thread of a process block · `child`: that of a forked child · `thread`: one beside another. */
export type ThreadRole = 'process' | 'child' | 'thread';

/** Where one thread of the test stands. Its number is also its CPU's. */
export interface ThreadState {
  readonly index: number;
  readonly process: number;
  readonly role: ThreadRole;
  readonly code: ThreadCode;
  /** Collects what its operation changes. */
  readonly changes: ChangeLog;
  status: ThreadStatus;
  /** Its next instruction. */
  position: number;
  /** Rounds left of each loop that it is in. */
  readonly counters: number[];
  /** Whether it has left its process, which is on its way out. */
  hasLeft: boolean;
  /** Whether what it changed so far stands in a step; else it goes to its next one. */
  isReported: boolean;
  /** Whether another operation was under way during its own. */
  overlapped: boolean;
}

/** Whether a thread has come to the end of its text, or has left its process, and is not one that has yet to begin. */
export function isGone({ status, hasLeft, position }: ThreadState): boolean {
  return status === 'finished' || hasLeft || (status === 'absent' && position > 0);
}

export function newThreadState(
  index: number,
  process: number,
  role: ThreadRole,
  code: ThreadCode,
  changes: ChangeLog,
): ThreadState {
  return {
    index,
    process,
    role,
    code,
    changes,
    status: 'absent',
    position: 0,
    counters: new Array<number>(code.counters).fill(0),
    hasLeft: false,
    isReported: true,
    overlapped: false,
  };
}
