import type { Model, Property, State } from '../model.ts';
import type { Finding, SearchResult, Trace, Witness } from './result.ts';

/** Where something was observed: a state, and the action that failed there, if one did. */
export interface Place {
  readonly state: number;
  readonly failedAction: number | null;
}

type Observation = { readonly place: Place } & (
  | { readonly kind: 'broken'; readonly property: string }
  | { readonly kind: 'failure'; readonly failure: number }
  | { readonly kind: 'deadlock' }
  | { readonly kind: 'livelock' }
);

/** Recovers the executions into places. */
export type TraceRecovery = (places: readonly Place[]) => readonly Trace[];

/** Collects what a search comes across: the first place of each kind and name. */
export class Observations {
  private readonly always: readonly Property[];
  private awaited: readonly Property[];
  private readonly judging: boolean;
  private readonly found: Observation[] = [];
  private readonly seen: { readonly property: string; readonly place: Place }[] = [];

  constructor(model: Model) {
    this.always = model.properties.filter((property) => property.kind === 'always');
    this.awaited = model.properties.filter((property) => property.kind === 'sometimes');
    this.judging = model.properties.length > 0;
  }

  get anyFinding(): boolean {
    return this.found.length > 0;
  }

  /** Judges a state that was not met before. */
  judge(number: number, state: State): void {
    if (!this.judging) return;
    for (const property of this.always) {
      if (!property.holds(state)) this.broken(property.name, number);
    }
    if (this.awaited.length > 0) this.judgeAwaited(number, state);
  }

  failed(number: number, action: number, failure: number): void {
    if (this.found.some((one) => one.kind === 'failure' && one.failure === failure)) return;
    this.found.push({ kind: 'failure', failure, place: { state: number, failedAction: action } });
  }

  deadlocked(number: number): void {
    if (this.found.some((one) => one.kind === 'deadlock')) return;
    this.found.push({ kind: 'deadlock', place: { state: number, failedAction: null } });
  }

  livelocked(number: number): void {
    this.found.push({ kind: 'livelock', place: { state: number, failedAction: null } });
  }

  /** The result so far. `complete`: what was not seen is not there. */
  report(complete: boolean, recover: TraceRecovery): Omit<SearchResult, 'coverage'> {
    const places = [...this.found, ...this.seen].map(({ place }) => place);
    const traces = recover(places);
    const traceOf = (index: number): Trace => {
      const trace = traces[index];
      if (trace === undefined) throw new Error('a place was recovered without a trace');
      return trace;
    };
    const findings: Finding[] = this.found.map(({ place: _place, ...found }, index) => ({
      ...found,
      trace: traceOf(index),
    }));
    const witnesses: Witness[] = this.seen.map(({ property }, index) => ({
      property,
      trace: traceOf(this.found.length + index),
    }));
    if (complete) {
      for (const { name } of this.awaited) findings.push({ kind: 'unreached', property: name });
    }
    const verdict = findings.length > 0 ? 'violated' : complete ? 'ok' : 'incomplete';
    return { verdict, findings, witnesses };
  }

  private broken(property: string, state: number): void {
    if (this.found.some((one) => one.kind === 'broken' && one.property === property)) return;
    this.found.push({ kind: 'broken', property, place: { state, failedAction: null } });
  }

  private judgeAwaited(number: number, state: State): void {
    const reached = this.awaited.filter((property) => property.holds(state));
    if (reached.length === 0) return;
    for (const { name } of reached) {
      this.seen.push({ property: name, place: { state: number, failedAction: null } });
    }
    this.awaited = this.awaited.filter((property) => !reached.includes(property));
  }
}
