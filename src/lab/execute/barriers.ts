import type { Program } from '../../litmus/index.ts';

/** The meeting points of a test: the n-th arrival passes once everyone has arrived n times. */
export class Barriers {
  private readonly program: Program;
  private readonly arrivals = new Map<string, number>();

  constructor(program: Program) {
    this.program = program;
  }

  arrive(barrier: number, thread: number): void {
    this.arrivals.set(`${barrier} ${thread}`, this.timesAt(barrier, thread) + 1);
  }

  mayPass(barrier: number, thread: number): boolean {
    const own = this.timesAt(barrier, thread);
    const participants = this.program.barriers[barrier]?.participants ?? [];
    return participants.every((other) => this.timesAt(barrier, other) >= own);
  }

  private timesAt(barrier: number, thread: number): number {
    return this.arrivals.get(`${barrier} ${thread}`) ?? 0;
  }
}
