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
  /** The unit that the current actor touched last. */
  lastUnit: Unit = NOWHERE;
  private readonly words: UnitWords;
  private unsettled: Unit[] = [];

  constructor(words: UnitWords) {
    this.words = words;
  }

  /** The current actor changes something about a unit. */
  touch(unit: Unit): void {
    const { words, actor } = this;
    this.lastUnit = unit;
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
