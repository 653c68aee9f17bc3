import { type Model, type Property, STEPPED, type State } from '../model.ts';
import type { Trace, TraceStep } from '../search/result.ts';

/**
 * A model in which one state stands for all that differ from it only in the names of interchangeable parts.
 * Sound if the parts are interchangeable: every property, and being an end, must hold of all of them or of none.
 */
class SymmetricModel implements Model {
  readonly width: number;
  readonly actions: number;
  readonly properties: readonly Property[];
  private readonly concrete: Model;
  private readonly replace: (state: State) => void;

  constructor(concrete: Model, replace: (state: State) => void) {
    this.concrete = concrete;
    this.replace = replace;
    this.width = concrete.width;
    this.actions = concrete.actions;
    this.properties = concrete.properties;
  }

  get bytes(): number {
    return this.concrete.bytes ?? 0;
  }

  initialStates(): readonly State[] {
    return this.concrete.initialStates().map((state) => this.represent(state));
  }

  step(from: State, action: number, to: State): number {
    const outcome = this.concrete.step(from, action, to);
    if (outcome === STEPPED) this.replace(to);
    return outcome;
  }

  isEnd(state: State): boolean {
    return this.concrete.isEnd(state);
  }

  describeState(state: State): string {
    return this.concrete.describeState(state);
  }

  describeAction(from: State, action: number): string {
    return this.concrete.describeAction(from, action);
  }

  describeFailure(failure: number): string {
    return this.concrete.describeFailure(failure);
  }

  loneAction(state: State): number {
    return this.concrete.loneAction?.(state) ?? -1;
  }

  isBoundToEnd(): boolean {
    return this.concrete.isBoundToEnd?.() ?? false;
  }

  assumptionsHold(): boolean {
    return this.concrete.assumptionsHold?.() ?? true;
  }

  private represent(state: State): State {
    const representative = state.slice();
    this.replace(representative);
    return representative;
  }
}

/** The model under symmetry; the model itself if it names no interchangeable parts. */
export function underSymmetry(model: Model): Model {
  const replace = model.representative?.bind(model);
  return replace === undefined ? model : new SymmetricModel(model, replace);
}

/**
 * The execution of the model that a trace of representatives stands for. Each step of the trace is a step of
 * the concrete state too, though perhaps another part takes it.
 */
export function concreteTrace(model: Model, trace: Trace): Trace {
  const replace = model.representative?.bind(model);
  if (replace === undefined) return trace;
  const represents = (state: State, wanted: State): boolean => {
    const representative = state.slice();
    replace(representative);
    return representative.every((word, position) => word === wanted[position]);
  };
  const initial = model.initialStates().find((state) => represents(state, trace.initial));
  if (initial === undefined) throw new Error('no initial state stands behind the trace');
  const steps: TraceStep[] = [];
  let from: State = initial;
  for (const wanted of trace.steps) {
    const step = concreteStep(model, from, wanted, represents);
    steps.push(step);
    if (step.state !== null) from = step.state;
  }
  return { initial, steps };
}

function concreteStep(
  model: Model,
  from: State,
  wanted: TraceStep,
  represents: (state: State, wanted: State) => boolean,
): TraceStep {
  for (let action = 0; action < model.actions; action++) {
    const to = new Int32Array(model.width);
    const outcome = model.step(from, action, to);
    if (wanted.state === null) {
      if (outcome > STEPPED) return { action, state: null };
    } else if (outcome === STEPPED && represents(to, wanted.state)) {
      return { action, state: to };
    }
  }
  throw new Error('a step of the trace has no counterpart: the model’s representatives are not exact');
}
