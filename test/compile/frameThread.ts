import { expect } from 'vitest';
import {
  DONE,
  type Frame,
  type FrameInstance,
  type FrameProgram,
  PC,
  RESULT,
} from '../../src/compile/frames/program.ts';
import type { CallSite } from '../../src/compile/link/thread.ts';
import type { Machine } from '../../src/machine/machine.ts';

/** The calls under way, outermost first. */
export function describeChain(chain: readonly CallSite[]): string {
  return chain.map(({ caller, line, callee }) => `${caller}:${line} ${callee}`).join(' > ');
}

/** Arguments of a primitive, fields by their names. */
export function describeArguments(args: readonly unknown[]): string[] {
  return args.map((arg) =>
    typeof arg === 'number' ? String(arg + 0) : String((arg as { name: string }).name),
  );
}

/** A thread in frames whose frame is moved to a fresh array before every step, as a search does. */
export class FrameThread {
  readonly cpu: number;
  readonly program: FrameProgram;
  frame: Frame;
  blocked = false;
  private readonly machine: Machine;
  private readonly instance: FrameInstance;

  constructor(machine: Machine, program: FrameProgram, cpu: number, args: readonly number[]) {
    this.machine = machine;
    this.cpu = cpu;
    this.program = program;
    this.instance = program.instantiate(machine);
    this.frame = new Float64Array(program.words).fill(99);
    machine.cpu = cpu;
    this.instance.start(this.frame, ...args);
  }

  get done(): boolean {
    return this.frame[PC] === DONE;
  }

  get result(): number | undefined {
    return this.frame[RESULT];
  }

  get point(): FrameProgram['points'][number] {
    return this.program.points[this.frame[PC] ?? DONE];
  }

  get args(): readonly unknown[] {
    this.machine.cpu = this.cpu;
    return this.instance.pending(this.frame);
  }

  step(): void {
    const moved = this.frame.slice();
    const from = this.point;
    this.frame.fill(-77);
    this.machine.cpu = this.cpu;
    this.blocked = !this.instance.step(moved);
    this.frame = moved;
    if (!this.blocked) expect(from?.successors).toContain(moved[PC]);
  }

  /** Words that hold neither the program counter, nor a live local, nor the result. */
  get idleWords(): number[] {
    const used = new Set(this.done ? [RESULT] : this.point?.locals.map(({ word }) => word));
    return [...this.frame].filter((_, word) => word !== PC && !used.has(word));
  }
}
