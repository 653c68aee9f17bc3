import type { Cpu } from '../../machine/brand.ts';

/** More page faults at one address, one right behind the other, than anything that gets on takes. */
const FAULTS = 10_000;

/** An operation makes page faults for ever: each changes nothing that the next one finds. */
export class EndlessFaults extends Error {
  constructor(vaddr: number) {
    super(`the fault at 0x${(vaddr * 4096).toString(16)} comes again and again, and changes nothing`);
    this.name = 'EndlessFaults';
  }
}

/** Counts the page faults of each CPU that come at the same address, one behind the other. */
export class FaultCount {
  private readonly last = new Map<Cpu, { vaddr: number; count: number }>();

  /** @throws {EndlessFaults} where there is no end to be seen */
  faulted(cpu: Cpu, vaddr: number): void {
    const last = this.last.get(cpu);
    if (last === undefined || last.vaddr !== vaddr) {
      this.last.set(cpu, { vaddr, count: 1 });
      return;
    }
    last.count++;
    if (last.count > FAULTS) throw new EndlessFaults(vaddr);
  }

  /** A thread begins an operation. */
  begin(cpu: Cpu): void {
    this.last.delete(cpu);
  }
}
