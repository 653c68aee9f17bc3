import type { Program } from '../../litmus/index.ts';
import type { Memory } from '../../machine/memory.ts';
import { arrivalOf, barrier } from '../state/barrier.ts';
import { access, type Request } from './task.ts';

/** The meeting points of a test. */
export class Barriers {
  private readonly program: Program;
  private readonly arrived: (typeof barrier)['arrived'];

  constructor(program: Program, memory: Memory) {
    this.program = program;
    this.arrived = memory.of(barrier).arrived;
  }

  /**
   * A thread arrives, and goes on once everyone has arrived as often as it, or once its process is being ended; whether
   * they met.
   */
  *meet(index: number, thread: number, isEnded: () => boolean): Generator<Request, boolean, number> {
    const own = arrivalOf(index, thread);
    const missing = (): readonly number[] =>
      this.participants(index).filter(
        (other) => this.arrived.get(arrivalOf(index, other)) < this.arrived.get(own),
      );
    yield access(() => {
      this.arrived.set(own, this.arrived.get(own) + 1);
      return 0;
    });
    const name = this.program.barriers[index]?.name ?? `${index}`;
    const until = (): boolean => missing().length === 0 || isEnded();
    yield { kind: 'wait', until, what: `barrier(${name})`, whom: missing };
    return missing().length === 0;
  }

  private participants(index: number): readonly number[] {
    return this.program.barriers[index]?.participants ?? [];
  }
}
