import { PROPERTIES, type PropertyName, type ResolvedCondition } from '../../litmus/index.ts';
import { SHARED } from '../collapse/collapsedModel.ts';
import type { Goal } from '../counterexample/fewestSwitches.ts';
import type { Suspect } from '../counterexample/suspect.ts';
import type { State } from '../model.ts';
import type { Finding, SearchResult, Trace } from '../search/result.ts';
import type { EndSummary } from './endSummary.ts';
import type { CheckParts } from './litmusCheck.ts';
import { alwaysName, hazardName, QUIESCENT } from './stateProperties.ts';

const never = (): boolean => false;

/** All that a search found, in the order in which a result tells it. */
export function suspectsOf(
  parts: CheckParts,
  { findings, witnesses }: SearchResult,
  ends: EndSummary,
): readonly Suspect[] {
  const collector = new SuspectCollector(parts, ends);
  return [
    ...findings.flatMap((finding) => collector.ofFinding(finding)),
    ...witnesses.flatMap(({ property, trace }) => collector.ofHazard(property, trace)),
    ...collector.ofEnds(),
  ];
}

class SuspectCollector {
  private readonly parts: CheckParts;
  private readonly ends: EndSummary;

  constructor(parts: CheckParts, ends: EndSummary) {
    this.parts = parts;
    this.ends = ends;
  }

  /** @throws {Error} if what was found is nothing that can be told: without it the verdict would be ok. */
  ofFinding(finding: Finding): Suspect[] {
    const suspects = this.suspectsOf(finding);
    if (suspects.length === 0 && finding.kind !== 'unreached')
      throw new Error(
        `the search found ${JSON.stringify({ ...finding, trace: undefined })}, which means nothing`,
      );
    return suspects;
  }

  private suspectsOf(finding: Finding): Suspect[] {
    const { components } = this.parts;
    switch (finding.kind) {
      case 'failure': {
        const found = components.failureAt(finding.failure);
        if (found === undefined) return [];
        const goal = this.goal(never, finding.failure);
        return [{ what: found, trace: finding.trace, end: 'step', goal }];
      }
      case 'broken':
        return this.ofBrokenState(finding.property, finding.trace);
      case 'deadlock':
        return [
          {
            what: { kind: 'stuck' },
            trace: finding.trace,
            end: 'stuck',
            goal: this.goal((state) => this.isStuck(state)),
          },
        ];
      case 'livelock': {
        const broken = {
          property: 'hang',
          message: 'the threads go on for ever: no execution comes to its end any more',
          page: null,
        } as const;
        return [{ what: { kind: 'property', broken }, trace: finding.trace, end: 'endless', goal: null }];
      }
      case 'unreached':
        return [];
    }
  }

  /** An execution into a state in which a declared hazard was seen. */
  ofHazard(name: string, trace: Trace): Suspect[] {
    const property = propertyNames.find((candidate) => hazardName(candidate) === name);
    const seen = this.parts.components.properties.find((candidate) => candidate.name === name);
    if (property === undefined || seen === undefined) return [];
    const broken = { property, message: PROPERTIES[property], page: null };
    const goal = this.goal((state) => seen.holds(state));
    return [{ what: { kind: 'property', broken }, trace, end: 'step', goal }];
  }

  /** What is wrong with ends: the first of each sort. */
  ofEnds(): Suspect[] {
    const { whereBroken, whereTrue, whereFalse } = this.ends;
    const places: {
      readonly what: Suspect['what'];
      readonly state: number;
      readonly isOne: (state: State) => boolean;
    }[] = [];
    for (const [property, state] of whereBroken) {
      const broken = { property, message: PROPERTIES[property], page: null };
      places.push({
        what: { kind: 'property', broken },
        state,
        isOne: (end) => this.breaksAtEnd(end, property),
      });
    }
    for (const condition of this.parts.endConditions) {
      const where =
        condition.kind === 'finally' ? whereFalse : condition.kind === 'never' ? whereTrue : undefined;
      const state = where?.get(condition);
      if (state === undefined) continue;
      const wanted = condition.kind === 'never';
      places.push({
        what: { kind: 'condition', condition },
        state,
        isOne: (end) => this.isTrueAtEnd(end, condition) === wanted,
      });
    }
    const traces = this.parts.search.tracesTo(places.map(({ state }) => state));
    return places.flatMap(({ what, isOne }, index): Suspect[] => {
      const trace = traces[index];
      return trace === undefined
        ? []
        : [{ what, trace, end: 'end', goal: this.goal((state) => this.isEnd(state) && isOne(state)) }];
    });
  }

  private ofBrokenState(name: string, trace: Trace): Suspect[] {
    const { components, machine } = this.parts;
    const broken = components.properties.find((property) => property.name === name);
    const goal = this.goal((state) => broken?.holds(state) === false);
    if (name !== QUIESCENT) {
      const condition = machine.program.conditions.find((candidate) => alwaysName(candidate) === name);
      return condition === undefined
        ? []
        : [{ what: { kind: 'condition', condition }, trace, end: 'step', goal }];
    }
    const { stateProperties } = components;
    const last = trace.steps.at(-1)?.state ?? trace.initial;
    machine.memory.words.load(last[SHARED] ?? 0);
    return stateProperties
      .undeclared(stateProperties.settledViolations())
      .map((violation) => ({ what: { kind: 'property', broken: violation }, trace, end: 'step', goal }));
  }

  private goal(isReached: (state: State) => boolean, failure: number | null = null): Goal {
    return { isReached, failure, isCutOff: this.parts.isCutOff };
  }

  private isEnd(state: State): boolean {
    return this.parts.components.isEnd(state) && !this.parts.isCutOff(state);
  }

  private isStuck(state: State): boolean {
    const { model } = this.parts.search;
    if (model.isEnd(state) || this.parts.isCutOff(state)) return false;
    for (let action = 0; action < model.actions; action++) if (model.stepsOf(state, action) > 0) return false;
    return true;
  }

  private breaksAtEnd(state: State, property: PropertyName): boolean {
    return this.parts.ends
      .outcomeOf(state[SHARED] ?? 0)
      .broken.some((broken) => broken.property === property);
  }

  private isTrueAtEnd(state: State, condition: ResolvedCondition): boolean {
    return this.parts.ends.outcomeOf(state[SHARED] ?? 0).isTrue.has(condition);
  }
}

const propertyNames = Object.keys(PROPERTIES) as PropertyName[];
