import { type StructSchema, schemaOfStruct } from '../../machine/field.ts';
import { type StepKind, stepBehind, stepKindBehind } from '../../machine/primitive.ts';

/** A primitive or local function by name. */
export interface ScopeStep {
  readonly kind: StepKind;
  readonly step: NonNullable<ReturnType<typeof stepBehind>>;
  /** Position of the argument that it answers with, where it always answers with one. */
  readonly handsOn?: number;
}

/** Whether a step is called by `yield*`: another thread may come before it. */
export function isPrimitive(step: ScopeStep): boolean {
  return step.kind === 'access' || step.kind === 'waiting';
}

/** What kernel code may name besides its own declarations. */
export interface Scope {
  readonly steps: ReadonlyMap<string, ScopeStep>;
  readonly structs: ReadonlyMap<string, StructSchema>;
  readonly constants: ReadonlyMap<string, number>;
}

/**
 * Collects primitives, local functions, structs and integer constants from modules, by the names that they
 * are exported under. Other exports are none of the dialect's business.
 * @throws {Error} if two modules give one name two meanings, or a struct is exported under a name not its own
 */
export function collectScope(modules: readonly Readonly<Record<string, unknown>>[]): Scope {
  const meanings = new Map<string, unknown>();
  const steps = new Map<string, ScopeStep>();
  const structs = new Map<string, StructSchema>();
  const constants = new Map<string, number>();
  for (const module of modules) {
    for (const name of Object.keys(module).sort()) {
      const value = module[name];
      const schema = structSchema(value);
      const step = stepBehind(value);
      if (step === undefined && schema === undefined && typeof value !== 'number') continue;
      if (meanings.has(name) && meanings.get(name) !== value) throw new Error(`two modules export '${name}'`);
      meanings.set(name, value);
      if (step !== undefined) steps.set(name, { kind: stepKindBehind(value) ?? 'access', step });
      else if (typeof value === 'number') constants.set(name, value);
      else if (schema !== undefined) {
        if (schema.name !== name) throw new Error(`struct '${schema.name}' is exported as '${name}'`);
        structs.set(name, schema);
      }
    }
  }
  return { steps, structs, constants };
}

function structSchema(value: unknown): StructSchema | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    return schemaOfStruct(value);
  } catch {
    return undefined;
  }
}
