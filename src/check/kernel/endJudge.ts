import { WouldBlock } from '../../compile/link/plain.ts';
import { page } from '../../kernel/state/page.ts';
import {
  evaluate,
  holdsUnder,
  PROPERTIES,
  type Program,
  type PropertyName,
  type ResolvedCondition,
  type Scheme,
} from '../../litmus/index.ts';
import { listPages, type PageCounts, type Pages } from '../../litmus/output/index.ts';
import type { ThreadState } from '../../run/interpreter/threadState.ts';
import { actorOf } from '../../run/observe/actor.ts';
import { takeCensus } from '../../run/observe/census.ts';
import { FolioReader } from '../../run/observe/folioReader.ts';
import { propertyNumber } from '../../run/observe/judge.ts';
import type { Unit } from '../../run/observe/layout.ts';
import { TestError } from '../../run/operations/testError.ts';
import { countsOf } from '../../run/report/steps.ts';
import { UNTOUCHED } from '../words/wordTree.ts';
import type { LitmusMachine } from './litmusMachine.ts';
import type { StateProperties } from './stateProperties.ts';
import type { BrokenProperty } from './stepJudge.ts';
import { test_hazard } from './watchedWords.ts';

/** What an execution came to. */
export interface EndOutcome {
  /** Value of every register, by `P.r`; null for one that was never set. */
  readonly registers: Readonly<Record<string, number | null>>;
  /** Folios that are not idle, before the processes exit. */
  readonly pages: Pages;
  /** Conditions of the kind `finally`, `exists` and `never` that are true. */
  readonly isTrue: ReadonlySet<ResolvedCondition>;
  /** What is broken when all processes have exited, declared hazards included. */
  readonly broken: readonly BrokenProperty[];
}

/** Judges states in which all statements have run, each by its shared words alone. */
export class EndJudge {
  private readonly parts: LitmusMachine;
  private readonly stateProperties: StateProperties;
  private readonly known = new Map<number, EndOutcome>();

  constructor(parts: LitmusMachine, stateProperties: StateProperties) {
    this.parts = parts;
    this.stateProperties = stateProperties;
  }

  outcomeOf(shared: number): EndOutcome {
    let outcome = this.known.get(shared);
    if (outcome === undefined) {
      const { memory } = this.parts;
      memory.words.load(shared);
      outcome = memory.recorder.unobserved(() => this.judge());
      memory.words.undo();
      this.known.set(shared, outcome);
    }
    return outcome;
  }

  private judge(): EndOutcome {
    const registers = this.registers();
    const pages = this.pages();
    const isTrue = this.trueConditions();
    return { registers, pages, isTrue, broken: this.exitAll() };
  }

  private registers(): Record<string, number | null> {
    const { program, registers } = this.parts;
    const values: Record<string, number | null> = {};
    program.processes.forEach(({ name, registers: declared }, process) => {
      declared.forEach((register, slot) => {
        const reference = { process, slot };
        values[`${name}.${register.name}`] = registers.isSet(reference) ? registers.valueOf(reference) : null;
      });
    });
    return values;
  }

  private pages(): Pages {
    const { memory, layout, scheme, observer } = this.parts;
    const reader = new FolioReader(memory, layout, takeCensus(memory, layout), observer.files, scheme);
    const units = new Set<Unit>();
    for (const { firstFrame, frames } of layout.extents) {
      for (const pfn of memory.touchedIn(page, firstFrame, firstFrame + frames))
        if (reader.hasMemmap(pfn)) units.add(layout.unitOf(reader.headOf(pfn)));
    }
    const listed: [string, PageCounts][] = [];
    for (const unit of [...units].sort((a, b) => a - b)) {
      const facts = reader.read(unit);
      const counts = countsOf(facts);
      if (counts.refcount === facts.idle && counts.mapcount === 0 && counts.pincount === 0) continue;
      listed.push([layout.nameOf(layout.frameOf(unit)), counts]);
    }
    return listPages(listed);
  }

  private trueConditions(): Set<ResolvedCondition> {
    const { program, scheme, lookup } = this.parts;
    const isTrue = new Set<ResolvedCondition>();
    for (const condition of conditionsAtEnd(program, scheme)) {
      const value = evaluate(condition.expression, lookup);
      if (typeof value !== 'number') throw new TestError(value.message, value.span);
      if (value !== 0 && !Number.isNaN(value)) isTrue.add(condition);
    }
    return isTrue;
  }

  /** Every process exits, one after the other, as in a run. */
  private exitAll(): readonly BrokenProperty[] {
    const { threads, observer } = this.parts;
    const before = this.seenHazards();
    const broken: BrokenProperty[] = [];
    observer.judge.broken.length = 0;
    for (const state of threads.states) {
      if (state.status !== 'finished') continue;
      state.status = 'live';
      if (!this.exit(state)) {
        broken.push({ property: 'hang', message: 'a process waits for ever as it exits', page: null });
        break;
      }
    }
    const hazards = this.seenHazards().filter((property) => !before.includes(property));
    const left = broken.length > 0 ? [] : this.stateProperties.endViolations();
    return [...hazards.map(hazardSeen), ...broken, ...observer.judge.broken, ...left];
  }

  private seenHazards(): readonly PropertyName[] {
    const { memory, program } = this.parts;
    const { seen } = memory.of(test_hazard);
    return program.hazards
      .map(({ property }) => property)
      .filter((property) => seen.get(propertyNumber(property)) !== 0);
  }

  /** False if it has to wait: nobody is left to wait for. */
  private exit(state: ThreadState): boolean {
    const { observer, tasks, whole, memory } = this.parts;
    memory.privateWords.fill(UNTOUCHED);
    observer.resume(state, actorOf(state.index, state.position));
    const task = tasks.next(state);
    let answer = 0;
    for (;;) {
      const { done, value: request } = task.next(answer);
      if (done === true) return true;
      observer.catchUp();
      switch (request.kind) {
        case 'access':
          answer = request.perform();
          break;
        case 'wait':
          if (!request.until()) return false;
          answer = 0;
          break;
        case 'call':
          try {
            answer = whole.run(state.index, request.name, request.arguments);
          } catch (error) {
            if (error instanceof WouldBlock) return false;
            throw error;
          }
      }
    }
  }
}

function hazardSeen(property: PropertyName): BrokenProperty {
  return { property, message: PROPERTIES[property], page: null };
}

/** Conditions of a scheme that are asked when all statements have run. */
export function conditionsAtEnd(program: Program, scheme: Scheme): readonly ResolvedCondition[] {
  return program.conditions.filter(
    (condition) => condition.kind !== 'always' && holdsUnder(condition, scheme),
  );
}
