import { STEPPED } from '../model.ts';
import { type Effect, EffectTable } from '../words/effectTable.ts';
import type { ComponentModel, StepRecord } from './componentModel.ts';

const NOTHING = { words: [], values: [] };

/**
 * The steps taken so far by the threads of one kind. A step is executed once for all states that look alike to it;
 * after that it is an effect, found by what the step reads.
 */
export class StepTable {
  readonly effects: EffectTable;
  private readonly model: ComponentModel;
  /** Some thread of the kind; which of them executes does not matter. */
  private readonly thread: number;
  private readonly record: StepRecord = { own: 0, footprint: 0, steps: 1 };
  private readonly footprints: number[] = [];
  private readonly counts: number[] = [];

  constructor(model: ComponentModel, thread: number) {
    this.model = model;
    this.thread = thread;
    this.effects = new EffectTable(model.shared, (own) => this.execute(own));
  }

  /** Number of the step's footprint, also of one that has to wait. */
  footprint(effect: number): number {
    return this.footprints[effect] as number;
  }

  /** Steps of the system that the step stands for. */
  steps(effect: number): number {
    return this.counts[effect] as number;
  }

  /** Whether the steps met so far lead a thread in a circle without ever coming between two parts of its program. */
  canGoRound(): boolean {
    const { effects, model, thread } = this;
    const targets = new Map<number, number[]>();
    for (let effect = 0; effect < effects.size; effect++) {
      const own = effects.own(effect);
      if (effects.outcome(effect) !== STEPPED || model.isBetween(thread, own)) continue;
      const known = targets.get(own);
      if (known === undefined) targets.set(own, [effects.nextOwn(effect)]);
      else known.push(effects.nextOwn(effect));
    }
    return hasCycle(targets);
  }

  private execute(own: number): Effect {
    const { record, model } = this;
    const { shared } = model;
    record.own = own;
    record.steps = 1;
    shared.trace.begin();
    const outcome = model.step(this.thread, own, record);
    shared.trace.end();
    const { trace, values } = shared;
    const reads = trace.isOpaque ? null : trace.reads();
    const writes = outcome === STEPPED ? trace.effects(values) : NOTHING;
    this.footprints.push(record.footprint);
    this.counts.push(record.steps);
    return { outcome, nextOwn: record.own, reads, writes };
  }
}

/** A table for each thread; threads of one kind share theirs. */
export function stepTablesOf(components: ComponentModel): readonly StepTable[] {
  const byKind = new Map<number, StepTable>();
  return Array.from({ length: components.threads }, (_, thread) => {
    const kind = components.kindOf(thread);
    const table = byKind.get(kind) ?? new StepTable(components, thread);
    byKind.set(kind, table);
    return table;
  });
}

/** Takes nodes out that lead nowhere any more, until none is left or each leads to another. */
function hasCycle(targets: ReadonlyMap<number, readonly number[]>): boolean {
  const sources = new Map<number, number[]>();
  const left = new Map<number, number>();
  const done: number[] = [];
  for (const [node, nexts] of targets) {
    const inside = nexts.filter((next) => targets.has(next));
    left.set(node, inside.length);
    if (inside.length === 0) done.push(node);
    for (const next of inside) {
      const known = sources.get(next);
      if (known === undefined) sources.set(next, [node]);
      else known.push(node);
    }
  }
  for (let node = done.pop(); node !== undefined; node = done.pop()) {
    left.delete(node);
    for (const source of sources.get(node) ?? []) {
      const count = (left.get(source) ?? 0) - 1;
      left.set(source, count);
      if (count === 0) done.push(source);
    }
  }
  return left.size > 0;
}
