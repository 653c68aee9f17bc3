import type { Cpu } from '../../machine/brand.ts';

/** Rounds after which it is others who have to do something: a few may succeed by what the ones before them did. */
const ROUNDS_OF_A_TURN = 8;

/** More rounds, while whoever goes on goes round as well, than anything that gets on takes. */
const ROUNDS = 1_000;

/** An operation goes on for ever: what it does changes nothing that it would find the next time. */
export class Endless extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Endless';
  }
}

/** How often an operation has done the same, one right behind the other. */
class Rounds {
  private count = 0;
  /** How often since somebody took a step who does not go round. */
  private inVain = 0;

  /** Whether it is the others' turn. */
  get waitsForOthers(): boolean {
    return this.inVain >= ROUNDS_OF_A_TURN;
  }

  /** Whether it goes round, rather than having to do a thing twice. */
  get isLoop(): boolean {
    return this.count >= ROUNDS_OF_A_TURN;
  }

  /** @throws {Endless} where there is no end to be seen */
  add(message: () => string): void {
    this.count++;
    this.inVain++;
    if (this.inVain > ROUNDS) throw new Endless(message());
  }

  /** What is in its way may be another thing now. */
  hope(): void {
    this.inVain = 0;
  }
}

/**
 * Counts what operations do again and again: page faults at one address, one behind the other, and attempts without a sleep. Who
 * does not go round comes to an end, and may end what others wait for: however long that takes, they do not go round in vain.
 */
export class Repetitions {
  private readonly faults = new Map<Cpu, { readonly vaddr: number; readonly rounds: Rounds }>();
  private readonly attempts = new Map<Cpu, Rounds>();
  /** Those who do something again. Mostly nobody does: whoever steps is to find that out at once. */
  private readonly repeating = new Set<Cpu>();

  /** @throws {Endless} where there is no end to be seen */
  faulted(cpu: Cpu, vaddr: number): void {
    const last = this.faults.get(cpu);
    if (last?.vaddr !== vaddr) {
      this.faults.set(cpu, { vaddr, rounds: new Rounds() });
      return;
    }
    this.repeating.add(cpu);
    last.rounds.add(
      () => `the fault at 0x${(vaddr * 4096).toString(16)} comes again and again, and changes nothing`,
    );
  }

  /** @throws {Endless} where there is no end to be seen */
  retried(cpu: Cpu): void {
    const rounds = this.attempts.get(cpu) ?? new Rounds();
    this.attempts.set(cpu, rounds);
    this.repeating.add(cpu);
    rounds.add(() => 'tries again and again, and nobody changes what is in its way');
  }

  /** Whether a thread's operation has gone round often enough since anybody else got on: it is the others' turn. */
  waitsForOthers(cpu: Cpu): boolean {
    return this.repeating.has(cpu) && this.roundsOf(cpu).some((rounds) => rounds.waitsForOthers);
  }

  /** A thread begins an operation, if it can take its first step. */
  begin(cpu: Cpu): void {
    this.faults.delete(cpu);
    this.attempts.delete(cpu);
    this.repeating.delete(cpu);
  }

  /** A thread took a step. */
  stepped(cpu: Cpu): void {
    if (this.repeating.size === 0 || this.roundsOf(cpu).some((rounds) => rounds.isLoop)) return;
    for (const other of this.repeating) {
      if (other !== cpu) for (const rounds of this.roundsOf(other)) rounds.hope();
    }
  }

  private roundsOf(cpu: Cpu): readonly Rounds[] {
    return [this.faults.get(cpu)?.rounds ?? [], this.attempts.get(cpu) ?? []].flat();
  }
}
