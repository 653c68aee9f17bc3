import type { ScopeStep } from '../../compile/dialect/scope.ts';
import type { PendingStep } from '../../compile/link/thread.ts';
import type { Cpu } from '../../machine/brand.ts';
import type { Field, Struct } from '../../machine/field.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Memory } from '../../machine/memory.ts';
import { BLOCKED } from '../../machine/primitive.ts';

/** A word that a step looks at, and what it finds there. */
export interface WordRead {
  readonly struct: string;
  readonly field: string;
  readonly index: number;
  readonly value: number;
}

/** What a step is thrown out with where it would do more than look. */
const WOULD_WRITE = new Error('the step would write');

/** Goes through a step that a thread is about to take, up to where it would change anything. */
export class Rehearsal {
  private readonly cpus: number;
  private readonly steps: ReadonlyMap<string, ScopeStep>;
  /** Whether an object is there: to look at one that is not would be noticed. */
  private readonly isThere: (struct: string, index: number) => boolean;
  private readonly fields = new WeakMap<Field, Field>();
  private readonly structs = new WeakMap<object, Readonly<Record<string, Field>>>();
  /** The memory as steps see it that may not write. */
  private readonly untouchable: Memory;
  private found: WordRead[] = [];

  constructor(
    { memory, cpus }: Machine,
    steps: ReadonlyMap<string, ScopeStep>,
    isThere: (struct: string, index: number) => boolean,
  ) {
    this.cpus = cpus;
    this.steps = steps;
    this.isThere = isThere;
    this.untouchable = {
      of: <Index extends number, Names extends string>(struct: Struct<Index, Names>) =>
        this.structOf(memory.of(struct) as Readonly<Record<string, Field>>) as Struct<Index, Names>,
      named: (struct) => this.structOf(memory.named(struct)),
      forget: stop,
      setUntouched: stop,
      watch: stop,
      touchedIn: (struct, first, end) => memory.touchedIn(struct, first, end),
    };
  }

  /** Whether the thread would have to wait: a step that has to has written nothing when it says so. */
  mustWait(cpu: Cpu, step: PendingStep): boolean {
    return this.steps.get(step.primitive)?.kind === 'waiting' && this.perform(cpu, step) === BLOCKED;
  }

  /** What the thread would read, in that order, before it writes anything. */
  reads(cpu: Cpu, step: PendingStep): readonly WordRead[] {
    this.perform(cpu, step);
    return this.found;
  }

  /** What the step answers; undefined where it would write. */
  private perform(cpu: Cpu, { primitive, args }: PendingStep): unknown {
    this.found = [];
    const bound = this.steps.get(primitive);
    if (bound === undefined) return undefined;
    const step = bound.step as (machine: Machine, ...args: readonly unknown[]) => unknown;
    const machine: Machine = { memory: this.untouchable, cpus: this.cpus, cpu, observer: NOBODY };
    try {
      return step(machine, ...args.map((arg) => (isField(arg) ? this.fieldOf(arg) : arg)));
    } catch (error) {
      if (error !== WOULD_WRITE) throw error;
      return undefined;
    }
  }

  private structOf(fields: Readonly<Record<string, Field>>): Readonly<Record<string, Field>> {
    const known =
      this.structs.get(fields) ??
      Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, this.fieldOf(field)]));
    this.structs.set(fields, known);
    return known;
  }

  private fieldOf(field: Field): Field {
    const known = this.fields.get(field);
    if (known !== undefined) return known;
    const { struct, name, position } = field;
    const get = (index: number): number => {
      if (!this.isThere(struct, index)) stop();
      const value = field.get(index);
      this.found.push({ struct, field: name, index, value });
      return value;
    };
    const readable: Field = { struct, name, position, get, set: stop };
    this.fields.set(field, readable);
    return readable;
  }
}

const NOBODY: Machine['observer'] = {
  warning: stop,
  translated: stop,
  faulted: stop,
  retried: stop,
  promiseBroken: stop,
};

function stop(): never {
  throw WOULD_WRITE;
}

function isField(argument: unknown): argument is Field {
  return typeof argument === 'object' && argument !== null && 'struct' in argument && 'position' in argument;
}
