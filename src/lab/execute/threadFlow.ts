import type { Branch } from '../../litmus/index.ts';
import type { ConditionBook } from './conditionBook.ts';
import type { KernelThread } from './kernelThread.ts';
import type { RunWorld } from './runWorld.ts';

/** How threads go from one operation to the next: what begins with them, what waits for them, and how they end. */
export class ThreadFlow {
  private readonly run: RunWorld;
  private readonly threads: readonly KernelThread[];
  private readonly book: ConditionBook;

  constructor(run: RunWorld, threads: readonly KernelThread[], book: ConditionBook) {
    this.run = run;
    this.threads = threads;
    this.book = book;
  }

  /** Goes on to the next operation, or to where the thread has to wait. */
  async advance(thread: KernelThread): Promise<void> {
    thread.next();
    await this.arrive(thread);
  }

  /** Does what is no operation, from where a thread stands. */
  async arrive(thread: KernelThread): Promise<void> {
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
    if (branch.kind === 'thread') await this.run.life.startThread(parent, branch);
    thread.begin();
    await this.advance(thread);
  }

  private async reachedEnd(thread: KernelThread): Promise<void> {
    if (thread.role !== 'branch') {
      thread.status = thread.role === 'child' ? 'live' : 'finished';
      return;
    }
    await this.run.life.endThread(thread);
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

  /** A process has ended, with all of its threads. */
  async processEnded(index: number): Promise<void> {
    const process = this.run.processes[index];
    if (process !== undefined) process.id = undefined;
    for (const thread of this.threads) {
      if (thread.process !== index) continue;
      thread.status = 'absent';
      thread.underWay = null;
      this.run.blocked.delete(thread);
    }
    await this.wakeJoining();
  }
}
