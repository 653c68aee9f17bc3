import type { ScopeStep } from '../../compile/dialect/scope.ts';
import type { PendingStep } from '../../compile/link/thread.ts';
import type { Cpu } from '../../machine/brand.ts';
import type { Field, Struct } from '../../machine/field.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Memory } from '../../machine/memory.ts';
import { BLOCKED } from '../../machine/primitive.ts';

/** What a step is thrown out with that would have done more than look: it need not wait. */
const GOES_ON = new Error('the step goes on');

/** Answers whether a thread would have to wait at a step, without letting it take the step. */
export class WaitTest {
  private readonly memory: Memory;
  private readonly cpus: number;
  private readonly steps: ReadonlyMap<string, ScopeStep>;
  /** Whether an object is there: to look at one that is not would be noticed. */
  private readonly isThere: (struct: string, index: number) => boolean;

  constructor(
    { memory, cpus }: Machine,
    steps: ReadonlyMap<string, ScopeStep>,
    isThere: (struct: string, index: number) => boolean,
  ) {
    this.memory = memory;
    this.cpus = cpus;
    this.steps = steps;
    this.isThere = isThere;
  }

  /** A step that has to wait has written nothing when it says so; one that writes does not wait. */
  mustWait(cpu: Cpu, { primitive, args }: PendingStep): boolean {
    const bound = this.steps.get(primitive);
    if (bound?.kind !== 'waiting') return false;
    const step = bound.step as (machine: Machine, ...args: readonly unknown[]) => unknown;
    const machine: Machine = { memory: this.untouchable(), cpus: this.cpus, cpu, observer: NOBODY };
    try {
      return (
        step(machine, ...args.map((arg) => (isField(arg) ? this.untouchableField(arg) : arg))) === BLOCKED
      );
    } catch (error) {
      if (error !== GOES_ON) throw error;
      return false;
    }
  }

  private untouchable(): Memory {
    const fieldsOf = (fields: Readonly<Record<string, Field>>): Record<string, Field> =>
      Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, this.untouchableField(field)]));
    return {
      of: <Index extends number, Names extends string>(struct: Struct<Index, Names>) =>
        fieldsOf(this.memory.of(struct) as Readonly<Record<string, Field>>) as Struct<Index, Names>,
      named: (struct) => fieldsOf(this.memory.named(struct)),
      forget: goOn,
      setUntouched: goOn,
      watch: goOn,
      touchedIn: (struct, first, end) => this.memory.touchedIn(struct, first, end),
    };
  }

  private untouchableField(field: Field): Field {
    const { struct, name, position } = field;
    const get = (index: number): number => (this.isThere(struct, index) ? field.get(index) : goOn());
    return { struct, name, position, get, set: goOn };
  }
}

const NOBODY: Machine['observer'] = { warning: goOn, translated: goOn };

function goOn(): never {
  throw GOES_ON;
}

function isField(argument: unknown): argument is Field {
  return typeof argument === 'object' && argument !== null && 'struct' in argument && 'position' in argument;
}
