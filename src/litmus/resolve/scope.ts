import type { RegisterReference } from '../program/expression.ts';
import type { Device } from '../program/program.ts';
import type { Span } from '../source/span.ts';
import type { Outline, ProcessDraft, RegisterDraft } from './outline.ts';
import type { Report } from './report.ts';

/** What names can mean at some place of a test. */
export interface Scope {
  readonly devices: readonly Device[];
  readonly outline: Outline;
  /** The process whose text the place is in; null in a condition. */
  readonly process: ProcessDraft | null;
  readonly report: Report;
}

export interface FoundRegister {
  readonly reference: RegisterReference;
  readonly draft: RegisterDraft;
}

/** The register of that name in a process, inherited ones included, or null. */
export function registerIn(process: ProcessDraft, name: string): FoundRegister | null {
  const draft = process.registers.get(name);
  const slot = process.slots.get(name);
  if (draft === undefined || slot === undefined) {
    return null;
  }
  return { reference: { process: process.index, slot }, draft };
}

/** The process of that name, or null. */
export function processNamed(outline: Outline, name: string): ProcessDraft | null {
  return outline.processes.find((process) => process.name === name) ?? null;
}

/**
 * What a bare name means as a register: the process's own, else the one of the only process that sets it. Null
 * when there is none; ambiguity is reported and gives 'reported'.
 */
export function findRegister(name: string, span: Span, scope: Scope): FoundRegister | null | 'reported' {
  const own = scope.process === null ? null : registerIn(scope.process, name);
  if (own !== null) {
    return own;
  }
  const setters = scope.outline.processes.filter((process) => process.registers.get(name)?.setHere);
  const [setter, other] = setters;
  if (setter === undefined) {
    return null;
  }
  if (other !== undefined) {
    const by = setters.map((process) => process.name).join(', ');
    scope.report.error(
      span,
      `register '${name}' is set by several processes: ${by}`,
      `say whose: ${setter.name}.${name}`,
    );
    return 'reported';
  }
  return registerIn(setter, name);
}

/** Names of all registers that a bare name could mean, for suggestions. */
export function* registerNames(scope: Scope): Iterable<string> {
  const processes = scope.process === null ? scope.outline.processes : [scope.process];
  for (const process of processes) {
    yield* process.registers.keys();
  }
}
