import { page } from '../../kernel/state/page.ts';
import { evaluate, holdsUnder, type PropertyName, type ResolvedCondition } from '../../litmus/index.ts';
import { propertyNumber } from '../../run/observe/judge.ts';
import { ENTRIES } from '../../run/observe/unitWords.ts';
import { TestError } from '../../run/operations/testError.ts';
import { stateViolations } from '../../run/properties/stateViolations.ts';
import { wordOf } from '../collapse/access.ts';
import { FIRST_OWN, SHARED } from '../collapse/collapsedModel.ts';
import type { Property, State } from '../model.ts';
import { SharedQuestion } from '../words/sharedQuestion.ts';
import type { LitmusMachine } from './litmusMachine.ts';
import type { BrokenProperty } from './stepJudge.ts';
import { UnitWordsInMemory } from './watchedState.ts';
import { test_hazard } from './watchedWords.ts';

/** Names of the properties that a search is asked about. */
export const QUIESCENT = 'quiescent';
export const hazardName = (property: PropertyName): string => `hazard ${property}`;
export const alwaysName = (condition: ResolvedCondition): string => `always ${condition.span.offset}`;

/** What holds of states: judged once for all states that have the same shared words. */
export class StateProperties {
  readonly properties: readonly Property[];
  private readonly parts: LitmusMachine;
  private readonly words: UnitWordsInMemory;
  /** Words that a condition looks at in every state. */
  readonly visible: Set<number> = new Set();

  /** `idle`: the number of a thread's own words while it is in no operation. */
  constructor(parts: LitmusMachine, idle: readonly number[]) {
    this.parts = parts;
    this.words = new UnitWordsInMemory(parts.memory);
    const { program, scheme } = parts;
    const isQuiescent = (state: State): boolean =>
      idle.every((own, thread) => state[FIRST_OWN + thread] === own);
    const hazards = new Set(
      program.hazards.filter((hazard) => holdsUnder(hazard, scheme)).map(({ property }) => property),
    );
    const always = program.conditions.filter(
      (condition) => condition.kind === 'always' && holdsUnder(condition, scheme),
    );
    const question = (ask: () => boolean): SharedQuestion => new SharedQuestion(parts.memory.words, ask);
    const settled = question(() => this.undeclared(this.settledViolations()).length === 0);
    this.properties = [
      {
        name: QUIESCENT,
        kind: 'always',
        holds: (state) => !isQuiescent(state) || settled.of(state[SHARED] ?? 0),
      },
      ...[...hazards].map((property): Property => {
        const stepped = question(() => this.wasSeen(property));
        const rests = question(() => this.settledViolations().some((broken) => broken.property === property));
        return {
          name: hazardName(property),
          kind: 'sometimes',
          holds: (state) => {
            const shared = state[SHARED] ?? 0;
            return stepped.of(shared) || (isQuiescent(state) && rests.of(shared));
          },
        };
      }),
      ...always.map((condition): Property => {
        const kept = question(() => this.isTrue(condition));
        return { name: alwaysName(condition), kind: 'always', holds: (state) => kept.of(state[SHARED] ?? 0) };
      }),
    ];
  }

  /** What the shared words, as they are loaded, break while no thread is inside an operation. */
  settledViolations(): readonly BrokenProperty[] {
    return this.parts.memory.recorder.unobserved(() => this.judge('quiescent'));
  }

  /** What the shared words, as they are loaded, break after the last exit. */
  endViolations(): readonly BrokenProperty[] {
    return this.judge('end');
  }

  /** Those that end an execution. */
  undeclared(broken: readonly BrokenProperty[]): readonly BrokenProperty[] {
    return broken.filter(({ property }) => !this.parts.isPassedOver(property));
  }

  private judge(moment: 'quiescent' | 'end'): readonly BrokenProperty[] {
    const { memory, layout, scheme } = this.parts;
    return stateViolations(memory, layout, scheme, moment)
      .filter(({ pfn, property }) => pfn === null || !this.isSpared(pfn, property))
      .map(({ property, message, pfn }) => ({
        property,
        message,
        page: pfn === null ? null : layout.nameOf(pfn),
      }));
  }

  /**
   * A folio that has broken what the test declares is spared; so is a page that is fresh and not mapped: whoever still holds a
   * reference on what it was before unbind has done nothing to it yet.
   */
  private isSpared(pfn: number, property: PropertyName): boolean {
    const { memory, layout, observer } = this.parts;
    const unit = layout.unitOf(pfn);
    if (observer.judge.isIgnored(unit, property)) return true;
    const first = layout.frameOf(unit);
    const isFresh = memory.touchedIn(page, first, first + layout.framesOf(unit)).length === 0;
    return isFresh && this.words.get(unit, ENTRIES) === 0 && observer.holders.isHeldFromBefore(unit);
  }

  private wasSeen(property: PropertyName): boolean {
    const { memory } = this.parts;
    return memory.recorder.unobserved(() => memory.of(test_hazard).seen.get(propertyNumber(property)) !== 0);
  }

  private isTrue(condition: ResolvedCondition): boolean {
    const { memory, lookup } = this.parts;
    memory.recorder.clear();
    const value = evaluate(condition.expression, lookup);
    for (const access of memory.recorder.accesses()) this.visible.add(wordOf(access));
    if (typeof value !== 'number') throw new TestError(value.message, value.span);
    return value !== 0 && !Number.isNaN(value);
  }
}
