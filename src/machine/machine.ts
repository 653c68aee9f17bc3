import type { Cpu } from './brand.ts';
import type { Memory } from './memory.ts';

/** What the machine tells whoever watches it. */
export interface MachineObserver {
  /** A WARN_ON or BUG_ON of the kernel fired on `cpu`, about page `pfn` if that is given. */
  warning(cpu: Cpu, text: string, pfn?: number): void;
  /** The CPU used a TLB entry: the translation of `vaddr` to an entry, for a user access. */
  translated(cpu: Cpu, vaddr: number, entry: number): void;
  /** The kernel begins to handle a page fault at page `vaddr`, for whomever. */
  faulted?(cpu: Cpu, vaddr: number): void;
  /** The kernel begins again what it just tried, and does not sleep before that. */
  retried?(cpu: Cpu): void;
  /** A system call on `cpu` promised that the bytes of page `pfn` survive a power loss, and they would not. */
  promiseBroken?(cpu: Cpu, pfn: number): void;
}

/** The simulated computer: its memory, and the CPU whose step is being executed. */
export interface Machine {
  readonly memory: Memory;
  /** Number of CPUs; each thread has one of its own. */
  readonly cpus: number;
  /** The CPU that executes the current step. */
  cpu: Cpu;
  readonly observer: MachineObserver;
}
