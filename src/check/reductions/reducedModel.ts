import { CollapsedModel, FIRST_OWN, SHARED } from '../collapse/collapsedModel.ts';
import type { ComponentModel } from '../collapse/componentModel.ts';
import type { StepMemo } from '../collapse/stepMemo.ts';
import { NO_LONE_ACTION, NOT_ENABLED, STEPPED, type State } from '../model.ts';
import { LoneGroups } from './loneGroups.ts';
import { type GroupOptions, MoverGroups } from './moverGroups.ts';
import type { WordFacts } from './wordFacts.ts';

export interface ReductionOptions extends GroupOptions {
  /** Offers lone actions: a thread whose next steps conflict with nothing that the others will do. */
  readonly loneGroups: boolean;
}

/**
 * A collapsed model whose actions are groups of steps, for one round of assumptions: what is known of shared
 * words when a group is first formed decides how far it reaches. `assumptionsHold` tells whether a search of this
 * model has covered all; if not, a new one, which knows more, must be searched.
 */
export class ReducedModel extends CollapsedModel {
  private readonly groups: readonly MoverGroups[];
  private readonly lone: LoneGroups | null;

  constructor(
    components: ComponentModel,
    memos: readonly StepMemo[],
    facts: WordFacts,
    options: ReductionOptions,
  ) {
    super(components, memos);
    const byMemo = new Map<StepMemo, MoverGroups>();
    this.groups = memos.map((memo, thread) => {
      const groups = byMemo.get(memo) ?? new MoverGroups(components, memo, thread, facts, options);
      byMemo.set(memo, groups);
      return groups;
    });
    this.lone = options.loneGroups ? new LoneGroups(components, memos, this.groups, facts) : null;
  }

  override get bytes(): number {
    let bytes = super.bytes + (this.lone?.bytes ?? 0);
    for (const groups of new Set(this.groups)) bytes += groups.bytes;
    return bytes;
  }

  override step(from: State, action: number, to: State): number {
    const groups = this.groups[action] as MoverGroups;
    const memo = this.memos[action] as StepMemo;
    const entry = memo.entry(from[FIRST_OWN + action] as number, from[SHARED] as number);
    const outcome = groups.outcome(entry);
    if (outcome !== STEPPED) return outcome;
    for (let position = 1; position < this.width; position++) to[position] = from[position] as number;
    to[SHARED] = groups.nextShared(entry);
    to[FIRST_OWN + action] = groups.nextOwn(entry);
    return STEPPED;
  }

  /** Steps of the system that an action stands for in a state, one that fails included; 0 if it is not enabled. */
  stepsOf(from: State, action: number): number {
    const memo = this.memos[action] as StepMemo;
    let entry = memo.entry(from[FIRST_OWN + action] as number, from[SHARED] as number);
    const groups = this.groups[action] as MoverGroups;
    if (groups.outcome(entry) === NOT_ENABLED) return 0;
    let steps = 0;
    for (let left = groups.length(entry); left > 0; left--) {
      steps += memo.steps(entry);
      if (left > 1) entry = memo.entry(memo.nextOwn(entry), memo.nextShared(entry));
    }
    return steps;
  }

  loneAction(state: State): number {
    return this.lone?.choose(state) ?? NO_LONE_ACTION;
  }

  assumptionsHold(): boolean {
    return this.groups.every((groups) => groups.assumptionsHold()) && (this.lone?.assumptionsHold() ?? true);
  }
}
