import { type Actor, NOBODY } from './actor.ts';
import { NOWHERE, type Unit } from './layout.ts';
import { LAST_ACTOR, PREVIOUS_ACTOR, UNSETTLED, type UnitWords } from './unitWords.ts';

/**
 * Who is at work, and on what: the two last actors of each unit, for the messages, and the units that have to be judged
 * at the next quiescent point.
 */
export class Trail {
  /** Who takes the current step. */
  actor: Actor = NOBODY;
  private readonly words: UnitWords;
  private unsettled: Unit[] = [];
  private thread = 0;
  private readonly lastUnits: Unit[] = [];

  constructor(words: UnitWords) {
    this.words = words;
  }

  /** A thread begins an operation. */
  begin(thread: number, actor: Actor): void {
    this.resume(thread, actor);
    this.lastUnits[thread] = NOWHERE;
  }

  /** A thread takes the next step of its operation. */
  resume(thread: number, actor: Actor): void {
    this.thread = thread;
    this.actor = actor;
  }

  /** The unit that the operation of the current thread touched last. */
  get lastUnit(): Unit {
    return this.lastUnits[this.thread] ?? NOWHERE;
  }

  /** The current actor looks for a unit that is gone: nothing changes, but it is what the operation is about. */
  missed(unit: Unit): void {
    this.lastUnits[this.thread] = unit;
  }

  /** The current actor changes something about a unit. */
  touch(unit: Unit): void {
    const { words, actor } = this;
    this.lastUnits[this.thread] = unit;
    const last = words.get(unit, LAST_ACTOR);
    if (last !== actor) {
      words.set(unit, PREVIOUS_ACTOR, last);
      words.set(unit, LAST_ACTOR, actor);
    }
    if (words.get(unit, UNSETTLED) === 0) {
      words.set(unit, UNSETTLED, 1);
      this.unsettled.push(unit);
    }
  }

  /** The units touched since this was asked last. */
  takeUnsettled(): readonly Unit[] {
    const units = this.unsettled;
    for (const unit of units) this.words.set(unit, UNSETTLED, 0);
    this.unsettled = [];
    return units;
  }
}
