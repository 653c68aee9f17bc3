import { type Access, kindOf, READ, wordOf } from '../collapse/access.ts';
import { FIRST_OWN, SHARED } from '../collapse/collapsedModel.ts';
import type { ComponentModel } from '../collapse/componentModel.ts';
import type { StepTable } from '../collapse/stepTable.ts';
import { NO_LONE_ACTION, STEPPED, type State } from '../model.ts';
import { NumberList } from '../store/numberList.ts';
import { AccessMasks } from './accessMasks.ts';
import { Futures } from './futures.ts';
import type { MoverGroups } from './moverGroups.ts';
import { BOTH, type WordFacts } from './wordFacts.ts';

/** A group whose accesses were not looked at yet; one that can never be taken alone; numbers of sets above. */
const UNKNOWN = 0;
const NEVER_ALONE = 1;
const FIRST_SET = 2;

/** One thread as this reduction sees it. */
interface Lane {
  readonly kind: number;
  readonly table: StepTable;
  readonly groups: MoverGroups;
  readonly futures: Futures;
  /** By group: the set of its accesses. */
  readonly sets: NumberList;
  /** By footprint: its accesses that a set must have, as first taken; undefined if such a step is never taken alone. */
  readonly contended: Map<number, readonly Access[] | undefined>;
}

/**
 * Persistent singletons: finds, in a state, one thread whose next group of steps conflicts with nothing that the
 * others will ever do. Whatever they do can then be put off until after it, so that it is enough to take it alone.
 */
export class LoneGroups {
  private readonly components: ComponentModel;
  private readonly facts: WordFacts;
  private readonly masks: AccessMasks;
  private readonly lanes: readonly Lane[];
  private readonly accessSets: Int32Array[] = [];
  private readonly setNumbers = new Map<string, number>();

  constructor(
    components: ComponentModel,
    tables: readonly StepTable[],
    groups: readonly MoverGroups[],
    facts: WordFacts,
  ) {
    this.components = components;
    this.facts = facts;
    this.masks = new AccessMasks(this.contendedWords(tables));
    const byTable = new Map<StepTable, Lane>();
    this.lanes = tables.map((table, thread) => {
      const lane = byTable.get(table) ?? {
        kind: components.kindOf(thread),
        table,
        groups: groups[thread] as MoverGroups,
        futures: new Futures(components, table, this.masks),
        sets: new NumberList(),
        contended: new Map(),
      };
      byTable.set(table, lane);
      return lane;
    });
  }

  get bytes(): number {
    let bytes = 0;
    for (const lane of new Set(this.lanes)) bytes += lane.futures.bytes + lane.sets.bytes;
    return bytes;
  }

  /** The thread to take alone, or `NO_LONE_ACTION`. */
  choose(state: State): number {
    for (let thread = 0; thread < this.lanes.length; thread++) {
      if (this.isAlone(state, thread)) return thread;
    }
    return NO_LONE_ACTION;
  }

  assumptionsHold(): boolean {
    return [...new Set(this.lanes)].every((lane) => lane.futures.held() && this.setsHold(lane));
  }

  private isAlone(state: State, thread: number): boolean {
    const lane = this.lanes[thread] as Lane;
    const { effects } = lane.groups;
    const group = effects.find(state[FIRST_OWN + thread] as number, state[SHARED] as number);
    if (effects.outcome(group) !== STEPPED) return false;
    const number = this.setOf(lane, group);
    if (number === NEVER_ALONE) return false;
    const accesses = this.accessSets[number - FIRST_SET] as Int32Array;
    for (let other = 0; other < this.lanes.length; other++) {
      if (other === thread || !this.components.mayRunBeside(lane.kind, this.kindOf(other))) continue;
      if (this.futuresOf(other).conflictsWith(state[FIRST_OWN + other] as number, accesses)) return false;
    }
    for (let other = 0; other < this.lanes.length; other++) {
      if (other === thread || !this.components.mayRunBeside(lane.kind, this.kindOf(other))) continue;
      this.futuresOf(other).relyOnNoConflict(state[FIRST_OWN + other] as number, accesses);
    }
    return true;
  }

  private kindOf(thread: number): number {
    return (this.lanes[thread] as Lane).kind;
  }

  private futuresOf(thread: number): Futures {
    return (this.lanes[thread] as Lane).futures;
  }

  private setOf(lane: Lane, group: number): number {
    while (lane.sets.length <= group) lane.sets.push(UNKNOWN);
    let number = lane.sets.at(group);
    if (number === UNKNOWN) {
      number = this.collect(lane, group);
      lane.sets.set(group, number);
    }
    return number;
  }

  /** The set of a group's accesses that do not commute with everything anyway. */
  private collect(lane: Lane, group: number): number {
    const set = new Int32Array(this.masks.length);
    for (const step of lane.groups.stepsOf(group)) {
      const contended = this.contendedIn(lane, lane.table.footprint(step));
      if (contended === undefined) return NEVER_ALONE;
      for (const access of contended) this.masks.add(set, 0, access);
    }
    const key = set.join();
    let number = this.setNumbers.get(key);
    if (number === undefined) {
      number = this.accessSets.push(set) - 1 + FIRST_SET;
      this.setNumbers.set(key, number);
    }
    return number;
  }

  private contendedIn(lane: Lane, footprint: number): readonly Access[] | undefined {
    if (!lane.contended.has(footprint)) lane.contended.set(footprint, this.findContended(lane, footprint));
    return lane.contended.get(footprint);
  }

  /**
   * Whether the sets have all that they must have, as far as is known now. A step that did not commute for one of its
   * accesses does so no less for another, so that how the step was taken does not tell.
   */
  private setsHold(lane: Lane): boolean {
    return [...lane.contended].every(
      ([footprint, taken]) =>
        taken === undefined || this.findContended(lane, footprint)?.length === taken.length,
    );
  }

  /** The accesses of a step that a set must have; undefined if the step must be seen, or touches a word that no set knows. */
  private findContended(lane: Lane, footprint: number): readonly Access[] | undefined {
    if (lane.groups.moverOf(footprint) === BOTH) return [];
    const { accesses, held } = this.components.footprints.at(footprint);
    const contended = accesses.filter(
      (access) => this.facts.moverOfAccess(lane.kind, wordOf(access), kindOf(access), held) !== BOTH,
    );
    const isFit = contended.every(
      (access) =>
        this.masks.knows(wordOf(access)) &&
        (kindOf(access) === READ || !this.components.isVisible(wordOf(access))),
    );
    return isFit ? contended : undefined;
  }

  /** Words that some step known so far accesses without being able to change places with all others. */
  private contendedWords(tables: readonly StepTable[]): readonly number[] {
    const words = new Set<number>();
    tables.forEach((table, thread) => {
      const kind = this.components.kindOf(thread);
      const seen = new Set<number>();
      for (let effect = 0; effect < table.effects.size; effect++) seen.add(table.footprint(effect));
      for (const number of seen) {
        const { accesses, held } = this.components.footprints.at(number);
        for (const access of accesses) {
          if (this.facts.moverOfAccess(kind, wordOf(access), kindOf(access), held) !== BOTH) {
            words.add(wordOf(access));
          }
        }
      }
    });
    return [...words].sort((a, b) => a - b);
  }
}
