import type { Request, Task } from '../../run/interpreter/task.ts';
import type { Tasks } from '../../run/interpreter/tasks.ts';
import type { ThreadState } from '../../run/interpreter/threadState.ts';
import type { Journal } from '../machine/journal.ts';

/**
 * An operation under way, as a thread of a run has it: a generator that asks the machine for one thing after the
 * other. It is stored as what it read and was answered so far, and brought back by running it again on that.
 */
export class RunningTask {
  private readonly journal: Journal;
  private readonly task: Task;
  /** How often it was resumed, then all that it read and was answered. */
  private readonly history: number[];
  /** What it asks for; undefined once it is over. */
  request: Request | undefined;

  private constructor(journal: Journal, task: Task, history: number[], request: Request | undefined) {
    this.journal = journal;
    this.task = task;
    this.history = history;
    this.request = request;
  }

  /** The operation that a thread stands at, up to its first request. */
  static begin(tasks: Tasks, state: ThreadState, journal: Journal): RunningTask {
    const reads: number[] = [];
    const { task, request } = journal.recording(reads, () => {
      const begun = tasks.next(state);
      return { task: begun, request: requestOf(begun.next(0)) };
    });
    return new RunningTask(journal, task, [0, ...reads], request);
  }

  /** The operation that was stored. */
  static restore(tasks: Tasks, state: ThreadState, journal: Journal, stored: readonly number[]): RunningTask {
    const [resumed = 0, ...values] = stored;
    const { task, request } = journal.replaying(values, () => {
      const begun = tasks.next(state);
      let last = requestOf(begun.next(0));
      for (let count = 0; count < resumed; count++) {
        last = requestOf(begun.next(journal.through(() => 0)));
      }
      return { task: begun, request: last };
    });
    return new RunningTask(journal, task, [...stored], request);
  }

  /** Goes on to the next request with the answer to the last one. */
  resume(answer: number): void {
    const { history } = this;
    history[0] = (history[0] ?? 0) + 1;
    const values: number[] = [];
    this.request = this.journal.recording(values, () => {
      this.journal.through(() => answer);
      return requestOf(this.task.next(answer));
    });
    history.push(...values);
  }

  /** What brings it back. */
  stored(): number[] {
    return this.history;
  }
}

function requestOf({ done, value }: IteratorResult<Request, void>): Request | undefined {
  return done === true ? undefined : (value as Request);
}
