import type { Cpu } from '../../machine/brand.ts';

/** More page faults at one address, one right behind the other, than anything that gets on takes. */
const FAULTS = 10_000;

/** Attempts after which it is others who have to do something: a few may succeed by what the ones before them did. */
const ATTEMPTS_OF_A_TURN = 8;

/** More attempts while nobody begins an operation than it takes others to end theirs, each of which gets its turn. */
const ATTEMPTS = 1_000;

/** An operation goes on for ever: what it does changes nothing that it would find the next time. */
export class Endless extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Endless';
  }
}

/** Counts what operations do again and again: page faults at one address, one behind the other, and attempts without a sleep. */
export class Repetitions {
  private readonly lastFault = new Map<Cpu, { vaddr: number; count: number }>();
  private readonly attempts = new Map<Cpu, number>();

  /** @throws {Endless} where there is no end to be seen */
  faulted(cpu: Cpu, vaddr: number): void {
    const last = this.lastFault.get(cpu);
    if (last === undefined || last.vaddr !== vaddr) {
      this.lastFault.set(cpu, { vaddr, count: 1 });
      return;
    }
    last.count++;
    if (last.count > FAULTS)
      throw new Endless(
        `the fault at 0x${(vaddr * 4096).toString(16)} comes again and again, and changes nothing`,
      );
  }

  /** @throws {Endless} where there is no end to be seen */
  retried(cpu: Cpu): void {
    const count = (this.attempts.get(cpu) ?? 0) + 1;
    this.attempts.set(cpu, count);
    if (count > ATTEMPTS) throw new Endless('tries again and again, and nobody changes what is in its way');
  }

  /** Whether a thread's operation has tried again often enough since anybody began one: it is the others' turn. */
  waitsForOthers(cpu: Cpu): boolean {
    return (this.attempts.get(cpu) ?? 0) >= ATTEMPTS_OF_A_TURN;
  }

  /** A thread begins an operation, if it can take its first step. */
  begin(cpu: Cpu): void {
    this.lastFault.delete(cpu);
  }

  /** It could: what is in the way of others may be another thing now. */
  begun(): void {
    this.attempts.clear();
  }
}
