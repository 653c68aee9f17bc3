import { type Model, type Property, STEPPED, type State } from '../model.ts';
import type { EffectTable } from '../words/effectTable.ts';
import type { ComponentModel } from './componentModel.ts';
import { type StepTable, stepTablesOf } from './stepTable.ts';

/** Position of the shared words' number in a state; thread t's own number is at `FIRST_OWN` + t. */
export const SHARED = 0;
export const FIRST_OWN = 1;

/**
 * Threads over shared words as a model for the search strategies: a state is a few numbers, action t is the next
 * step of thread t, and each step is executed once.
 */
export class CollapsedModel implements Model {
  readonly width: number;
  readonly smallNumbers = true;
  readonly actions: number;
  readonly properties: readonly Property[];
  readonly components: ComponentModel;
  /** By thread; threads of one kind share theirs. */
  readonly tables: readonly StepTable[];
  /** Groups of threads that may be exchanged, by number. */
  private readonly interchangeable: readonly (readonly number[])[];

  constructor(components: ComponentModel, tables: readonly StepTable[] = stepTablesOf(components)) {
    this.components = components;
    this.tables = tables;
    this.width = FIRST_OWN + components.threads;
    this.actions = components.threads;
    this.properties = components.properties;
    this.interchangeable = interchangeableThreads(components);
  }

  get bytes(): number {
    let bytes = this.components.bytes;
    for (const { effects } of new Set(this.tables)) bytes += effects.bytes;
    return bytes;
  }

  initialStates(): readonly State[] {
    const state = new Int32Array(this.width);
    state[SHARED] = this.components.initialShared();
    for (let thread = 0; thread < this.actions; thread++) {
      state[FIRST_OWN + thread] = this.components.initialOwn(thread);
    }
    return [state];
  }

  step(from: State, action: number, to: State): number {
    return this.take(from, action, (this.tables[action] as StepTable).effects, to);
  }

  /** Has a thread do what one of its effects says. */
  protected take(from: State, action: number, effects: EffectTable, to: State): number {
    const effect = effects.find(from[FIRST_OWN + action] as number, from[SHARED] as number);
    const outcome = effects.outcome(effect);
    if (outcome !== STEPPED) return outcome;
    for (let position = 1; position < this.width; position++) to[position] = from[position] as number;
    to[SHARED] = effects.nextShared;
    to[FIRST_OWN + action] = effects.nextOwn(effect);
    return STEPPED;
  }

  isEnd(state: State): boolean {
    return this.components.isEnd(state);
  }

  isBoundToEnd(): boolean {
    return [...new Set(this.tables)].every((table) => !table.canGoRound());
  }

  representative(state: State): void {
    for (const threads of this.interchangeable) {
      for (let end = threads.length - 1; end > 0; end--) {
        for (let position = 0; position < end; position++) {
          const left = FIRST_OWN + (threads[position] as number);
          const right = FIRST_OWN + (threads[position + 1] as number);
          const own = state[left] as number;
          if (own <= (state[right] as number)) continue;
          state[left] = state[right] as number;
          state[right] = own;
        }
      }
    }
  }

  describeState(state: State): string {
    return this.components.describeShared(state[SHARED] as number);
  }

  describeAction(from: State, action: number): string {
    return this.components.describeStep(action, from[FIRST_OWN + action] as number, from[SHARED] as number);
  }

  describeFailure(failure: number): string {
    return this.components.describeFailure(failure);
  }
}

function interchangeableThreads(components: ComponentModel): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (let thread = 0; thread < components.threads; thread++) {
    const kind = components.kindOf(thread);
    if (!components.isInterchangeable(kind)) continue;
    groups.set(kind, [...(groups.get(kind) ?? []), thread]);
  }
  return [...groups.values()].filter((threads) => threads.length > 1);
}
