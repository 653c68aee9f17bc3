import type { Cpu } from '../../machine/brand.ts';
import type { Op } from '../../machine/primitive.ts';

/** A call in the kernel's source: where, and of what. */
export interface CallSite {
  /** The kernel function that calls. */
  readonly caller: string;
  /** File below the kernel's folder. */
  readonly file: string;
  readonly line: number;
  /** The kernel function or primitive that is called. */
  readonly callee: string;
}

/** The primitive that a suspended thread is about to execute. */
export interface PendingStep {
  readonly primitive: string;
  readonly args: readonly unknown[];
}

/** One thread of kernel code in the generator form: stands before a primitive, or is done. */
export interface KernelThread {
  readonly cpu: Cpu;
  /** What the next step will do; `undefined` when the thread is done. */
  readonly pending: PendingStep | undefined;
  /** The last attempt at the pending step found that it has to wait; nothing was written. */
  readonly blocked: boolean;
  readonly done: boolean;
  /** What the kernel function returned, once done; 0 if it returns nothing. */
  readonly result: number;
  /** The calls under way, outermost first; the last one is the pending primitive. Empty without `trace`. */
  readonly chain: readonly CallSite[];
  /** Attempts the pending primitive, then runs on to the next one or to the end. */
  step(): void;
}

/** What the code of a generator kernel reports to while it runs: which thread runs, and where it stands. */
export interface Running {
  thread: GeneratorThread | undefined;
}

/** A `KernelThread` over a generator; made by `GeneratorKernel.start`. */
export class GeneratorThread implements KernelThread {
  readonly cpu: Cpu;
  pending: PendingStep | undefined;
  blocked = false;
  done = false;
  result = 0;
  readonly calls: CallSite[] = [];
  site: CallSite | undefined;
  private readonly generator: Op | Op<number>;
  private readonly enter: (thread: GeneratorThread) => void;

  /** `enter` makes this thread the running one, before any of its code runs. */
  constructor(cpu: Cpu, generator: Op | Op<number>, enter: (thread: GeneratorThread) => void) {
    this.cpu = cpu;
    this.generator = generator;
    this.enter = enter;
    this.step();
  }

  get chain(): readonly CallSite[] {
    return this.site === undefined || this.done ? this.calls : [...this.calls, this.site];
  }

  step(): void {
    if (this.done) throw new Error('a thread that is done cannot step');
    this.enter(this);
    const next = this.generator.next();
    if (next.done === true) {
      this.done = true;
      this.blocked = false;
      this.pending = undefined;
      this.result = Number(next.value ?? 0);
    }
  }
}
