import { CollapsedModel, FIRST_OWN, SHARED } from '../collapse/collapsedModel.ts';
import type { ComponentModel } from '../collapse/componentModel.ts';
import type { StepTable } from '../collapse/stepTable.ts';
import { NO_LONE_ACTION, NOT_ENABLED, type State } from '../model.ts';
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
    tables: readonly StepTable[],
    facts: WordFacts,
    options: ReductionOptions,
  ) {
    super(components, tables);
    const byTable = new Map<StepTable, MoverGroups>();
    this.groups = tables.map((table, thread) => {
      const groups = byTable.get(table) ?? new MoverGroups(components, table, thread, facts, options);
      byTable.set(table, groups);
      return groups;
    });
    this.lone = options.loneGroups ? new LoneGroups(components, tables, this.groups, facts) : null;
  }

  override get bytes(): number {
    let bytes = super.bytes + (this.lone?.bytes ?? 0);
    for (const groups of new Set(this.groups)) bytes += groups.bytes;
    return bytes;
  }

  override step(from: State, action: number, to: State): number {
    return this.take(from, action, (this.groups[action] as MoverGroups).effects, to);
  }

  /** Steps of the system that an action stands for in a state, one that fails included; 0 if it is not enabled. */
  stepsOf(from: State, action: number): number {
    const groups = this.groups[action] as MoverGroups;
    const table = this.tables[action] as StepTable;
    const group = groups.effects.find(from[FIRST_OWN + action] as number, from[SHARED] as number);
    if (groups.effects.outcome(group) === NOT_ENABLED) return 0;
    return groups.stepsOf(group).reduce((sum, step) => sum + table.steps(step), 0);
  }

  loneAction(state: State): number {
    return this.lone?.choose(state) ?? NO_LONE_ACTION;
  }

  assumptionsHold(): boolean {
    return this.groups.every((groups) => groups.assumptionsHold()) && (this.lone?.assumptionsHold() ?? true);
  }
}
