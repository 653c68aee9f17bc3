import type { ComponentModel } from '../collapse/componentModel.ts';
import type { StepTable } from '../collapse/stepTable.ts';
import { STEPPED } from '../model.ts';
import { type Effect, EffectTable } from '../words/effectTable.ts';
import { EffectJoin } from './effectJoin.ts';
import { BOTH, LEFT, type Mover, RIGHT, type WordFacts } from './wordFacts.ts';

/**
 * Steps that a group may have. A longer run of steps is cut here, so that a loop whose steps all commute (one
 * that polls a word under a lock) does not keep the others from being tried.
 */
const LONGEST_GROUP = 256;

export interface GroupOptions {
  /** Without it every group is one step. */
  readonly movers: boolean;
  /** Unsound, for the test that shows why: a group goes on into steps that may have to wait. */
  readonly intoWaits?: boolean;
}

/**
 * Joins steps of one thread that no other thread can tell from one (Lipton): first steps that commute to the
 * right, then at most one that does not commute, then steps that commute to the left. A group ends before a step
 * that may have to wait: the state in which the thread stands there is what makes a deadlock visible.
 *
 * A group is an effect of its own, found by what its steps read together, and holds for one round of assumptions.
 */
export class MoverGroups {
  readonly effects: EffectTable;
  private readonly components: ComponentModel;
  private readonly table: StepTable;
  private readonly kind: number;
  private readonly facts: WordFacts;
  private readonly options: GroupOptions;
  /** By footprint: as what its steps were taken. */
  private readonly assumed: Mover[] = [];
  /** By group: the effects of its steps. */
  private readonly members: (readonly number[])[] = [];
  /** Steps of all groups. */
  private steps = 0;

  constructor(
    components: ComponentModel,
    table: StepTable,
    thread: number,
    facts: WordFacts,
    options: GroupOptions,
  ) {
    this.components = components;
    this.table = table;
    this.kind = components.kindOf(thread);
    this.facts = facts;
    this.options = options;
    this.effects = new EffectTable(components.shared, (own, shared) => this.form(own, shared));
  }

  get bytes(): number {
    return this.effects.bytes + 8 * this.steps;
  }

  /** The effects of a group's steps; a step that fails is a group of its own. */
  stepsOf(group: number): readonly number[] {
    return this.members[group] as readonly number[];
  }

  /** As what a step with that footprint is taken in this round. */
  moverOf(footprint: number): Mover {
    let mover = this.assumed[footprint];
    if (mover === undefined) {
      mover = this.facts.moverOf(this.kind, this.components.footprints.at(footprint));
      this.assumed[footprint] = mover;
    }
    return mover;
  }

  /** Whether every step was taken as what it still is, as far as is known now. */
  assumptionsHold(): boolean {
    return this.assumed.every(
      (mover, footprint) => mover === this.facts.moverOf(this.kind, this.components.footprints.at(footprint)),
    );
  }

  private form(own: number, shared: number): Effect {
    const { effects } = this.table;
    const members: number[] = [];
    this.members.push(members);
    const join = new EffectJoin(own);
    let committed = false;
    for (let at = shared; ; ) {
      const step = effects.find(join.own, at);
      const next = effects.nextShared;
      this.facts.note(this.kind, this.table.footprint(step));
      if (members.length > 0 && !this.mayTake(step, committed)) {
        // Where the group ends depends on what the step that it leaves out has read.
        join.look(effects.effect(step).reads);
        return join.effect();
      }
      members.push(step);
      this.steps++;
      join.add(effects.effect(step));
      if (effects.outcome(step) !== STEPPED || !this.goesOnBehind(step, members.length)) return join.effect();
      committed ||= (this.moverOf(this.table.footprint(step)) & LEFT) !== 0;
      at = next;
    }
  }

  private goesOnBehind(step: number, length: number): boolean {
    const { boundary } = this.components.footprints.at(this.table.footprint(step));
    return this.options.movers && length < LONGEST_GROUP && !boundary;
  }

  private mayTake(step: number, committed: boolean): boolean {
    // A failure ends the execution: what the steps before it have led to must be seen first.
    if (this.table.effects.outcome(step) !== STEPPED) return false;
    const footprint = this.table.footprint(step);
    const mover = this.moverOf(footprint);
    if (committed && (mover & RIGHT) !== 0) return false;
    const waits = this.components.footprints.at(footprint).waits;
    return !waits || mover === BOTH || this.options.intoWaits === true;
  }
}
