import type { ComponentModel } from '../collapse/componentModel.ts';
import type { StepMemo } from '../collapse/stepMemo.ts';
import { NOT_ENABLED, STEPPED } from '../model.ts';
import { RecordList } from '../store/recordList.ts';
import { BOTH, LEFT, type Mover, RIGHT, type WordFacts } from './wordFacts.ts';

/**
 * Steps that a group may have. A longer run of steps is cut here, so that a loop whose steps all commute (one
 * that polls a word under a lock) does not keep the others from being tried.
 */
const LONGEST_GROUP = 256;

/** Integers of a group: its outcome plus 1, or `UNKNOWN`; the own and shared words after it; its steps. */
const OUTCOME = 0;
const NEXT_OWN = 1;
const NEXT_SHARED = 2;
const LENGTH = 3;
const GROUP_WORDS = 4;

/** A group that was not looked for yet. */
const UNKNOWN = 0;

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
 * Groups are found for the entries of a memo, once each, and hold for one round of assumptions.
 */
export class MoverGroups {
  private readonly components: ComponentModel;
  private readonly memo: StepMemo;
  private readonly kind: number;
  private readonly facts: WordFacts;
  private readonly options: GroupOptions;
  /** By footprint, plus 1: as what its steps were taken. */
  private readonly assumed: Mover[] = [];
  /** By entry. */
  private readonly groups: RecordList = new RecordList(GROUP_WORDS);

  constructor(
    components: ComponentModel,
    memo: StepMemo,
    thread: number,
    facts: WordFacts,
    options: GroupOptions,
  ) {
    this.components = components;
    this.memo = memo;
    this.kind = components.kindOf(thread);
    this.facts = facts;
    this.options = options;
  }

  get bytes(): number {
    return this.groups.bytes;
  }

  /** How the group ends that begins with an entry: `NOT_ENABLED`, `STEPPED`, or a failure's number. */
  outcome(entry: number): number {
    if (entry >= this.groups.length || this.groups.get(entry, OUTCOME) === UNKNOWN) this.form(entry);
    return this.groups.get(entry, OUTCOME) - 1;
  }

  /** The own words after a group that stepped. */
  nextOwn(entry: number): number {
    return this.groups.get(entry, NEXT_OWN);
  }

  nextShared(entry: number): number {
    return this.groups.get(entry, NEXT_SHARED);
  }

  /** Steps of the group, one that failed included. */
  length(entry: number): number {
    return this.groups.get(entry, LENGTH);
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

  private form(entry: number): void {
    const { memo } = this;
    this.facts.note(this.kind, memo.footprint(entry));
    const outcome = memo.outcome(entry);
    if (outcome !== STEPPED) this.keep(entry, outcome, 0, 0, 1);
    else this.extend(entry);
  }

  /** Goes on from a first step that was taken, as far as the group may reach. */
  private extend(first: number): void {
    const { memo } = this;
    let last = first;
    let length = 1;
    let committed = false;
    while (this.options.movers && length < LONGEST_GROUP && this.mayGoOn(last)) {
      committed ||= (this.moverOf(memo.footprint(last)) & LEFT) !== 0;
      const next = memo.entry(memo.nextOwn(last), memo.nextShared(last));
      this.facts.note(this.kind, memo.footprint(next));
      if (!this.mayTake(next, committed)) break;
      length++;
      if (memo.outcome(next) !== STEPPED) {
        this.keep(first, memo.outcome(next), 0, 0, length);
        return;
      }
      last = next;
    }
    this.keep(first, STEPPED, memo.nextOwn(last), memo.nextShared(last), length);
  }

  private mayGoOn(last: number): boolean {
    return !this.components.footprints.at(this.memo.footprint(last)).boundary;
  }

  private mayTake(next: number, committed: boolean): boolean {
    if (this.memo.outcome(next) === NOT_ENABLED) return false;
    const footprint = this.memo.footprint(next);
    const mover = this.moverOf(footprint);
    if (committed && (mover & RIGHT) !== 0) return false;
    const waits = this.components.footprints.at(footprint).waits;
    return !waits || mover === BOTH || this.options.intoWaits === true;
  }

  private keep(entry: number, outcome: number, own: number, shared: number, length: number): void {
    const { groups } = this;
    while (groups.length <= entry) groups.append();
    groups.set(entry, OUTCOME, outcome + 1);
    groups.set(entry, NEXT_OWN, own);
    groups.set(entry, NEXT_SHARED, shared);
    groups.set(entry, LENGTH, length);
  }
}
