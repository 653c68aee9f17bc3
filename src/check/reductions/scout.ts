import { Random } from '../../run/schedule/random.ts';
import type { ComponentModel } from '../collapse/componentModel.ts';
import type { StepTable } from '../collapse/stepTable.ts';
import { NOT_ENABLED, STEPPED } from '../model.ts';
import type { WordFacts } from './wordFacts.ts';

/** Walks that teach nothing new before scouting ends. */
const WALKS_IN_VAIN = 512;
const MOST_WALKS = 8192;
const LONGEST_WALK = 4096;
/** One step in so many is another thread's turn. */
const STEPS_A_TURN = 6;

/**
 * Walks through executions at random to learn early how words are used: what a search learns late has it begin
 * again. Nothing but the facts depends on it, and the walks are the same every time.
 */
export class Scout {
  private readonly components: ComponentModel;
  private readonly tables: readonly StepTable[];
  private readonly facts: WordFacts;
  private readonly random = new Random(1);
  private walks = 0;
  /** The last walks that taught nothing new. */
  private inVain = 0;

  constructor(components: ComponentModel, tables: readonly StepTable[], facts: WordFacts) {
    this.components = components;
    this.tables = tables;
    this.facts = facts;
  }

  /** Takes up to `walks` further walks; true once scouting is over. */
  explore(walks: number): boolean {
    for (let left = walks; left > 0 && !this.isOver(); left--) {
      const before = this.facts.version;
      this.walk();
      this.walks++;
      this.inVain = this.facts.version === before ? this.inVain + 1 : 0;
    }
    return this.isOver();
  }

  private isOver(): boolean {
    return this.walks >= MOST_WALKS || this.inVain >= WALKS_IN_VAIN;
  }

  private walk(): void {
    const { components, tables } = this;
    let shared = components.initialShared();
    const owns = tables.map((_, thread) => components.initialOwn(thread));
    let thread = this.random.below(tables.length);
    for (let steps = 0; steps < LONGEST_WALK; steps++) {
      if (this.random.below(STEPS_A_TURN) === 0) thread = this.random.below(tables.length);
      const taken = this.takeOne(owns, shared, thread);
      if (taken === undefined) return;
      thread = taken.thread;
      shared = taken.shared;
    }
  }

  /** Has a thread step, or the next one that can; undefined if none can or the step fails. */
  private takeOne(
    owns: number[],
    shared: number,
    first: number,
  ): { readonly thread: number; readonly shared: number } | undefined {
    for (let turn = 0; turn < owns.length; turn++) {
      const thread = (first + turn) % owns.length;
      const table = this.tables[thread] as StepTable;
      const step = table.effects.find(owns[thread] as number, shared);
      this.facts.note(this.components.kindOf(thread), table.footprint(step));
      const outcome = table.effects.outcome(step);
      if (outcome === NOT_ENABLED) continue;
      if (outcome !== STEPPED) return undefined;
      owns[thread] = table.effects.nextOwn(step);
      return { thread, shared: table.effects.nextShared };
    }
    return undefined;
  }
}
