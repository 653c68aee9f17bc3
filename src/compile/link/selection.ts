import { evaluateConstant } from '../dialect/constants.ts';
import type { Refusal } from '../dialect/refusal.ts';
import type { Scope } from '../dialect/scope.ts';
import type {
  ConstantDeclaration,
  Declaration,
  FunctionDeclaration,
  HelperDeclaration,
  Scheme,
  SourceFile,
} from '../dialect/source.ts';
import type { Coverage } from './coverage.ts';

/** All kernel sources, and what they may name besides each other. */
export interface DialectProgram {
  readonly files: readonly SourceFile[];
  readonly scope: Scope;
  /** Counts where the linked code comes by, if anybody wants to know. */
  readonly coverage?: Coverage;
}

/** Replaces declarations by others of the same kind and arity: name of the original → name of the replacement. */
export type Overrides = Readonly<Record<string, string>>;

/** A kernel function or helper under the name that calls resolve to. */
export interface Callable {
  readonly name: string;
  readonly file: string;
  readonly declaration: FunctionDeclaration | HelperDeclaration;
}

/** What one linked kernel consists of: the shared room, one scheme's room, overrides applied. */
export interface Selection {
  readonly scope: Scope;
  readonly coverage: Coverage | undefined;
  readonly callables: ReadonlyMap<string, Callable>;
  readonly constants: ReadonlyMap<string, number>;
  /** Names that `caller`'s declaration uses mean these names: a replacement that names its original reaches it. */
  resolve(caller: Callable, name: string): string;
  /** Declarations that met another of the same name, or constants without a value. */
  readonly refusals: readonly Refusal[];
}

/**
 * Puts the rooms of one scheme together.
 * @throws {Error} if an override names what does not exist or does not fit
 */
export function select(program: DialectProgram, scheme: Scheme, overrides: Overrides = {}): Selection {
  const refusals: Refusal[] = [];
  const declared = collect(program, scheme, refusals);
  const callables = new Map<string, Callable>();
  const constantDeclarations = new Map<string, Placed<ConstantDeclaration>>();
  for (const [name, { file, declaration }] of declared) {
    if (declaration.kind === 'constant') constantDeclarations.set(name, { file, declaration });
    else callables.set(name, { name, file, declaration });
  }
  for (const [name, by] of Object.entries(overrides)) {
    const original = declared.get(name);
    const replacement = declared.get(by);
    if (original === undefined)
      throw new Error(`override of '${name}': the ${scheme} kernel has no such name`);
    if (replacement === undefined)
      throw new Error(`override of '${name}' by '${by}': the ${scheme} kernel has no such name`);
    if (describe(original.declaration) !== describe(replacement.declaration)) {
      throw new Error(
        `override of '${name}' by '${by}': a ${describe(original.declaration)} by a ${describe(replacement.declaration)}`,
      );
    }
    if (replacement.declaration.kind === 'constant') {
      constantDeclarations.set(name, { file: replacement.file, declaration: replacement.declaration });
    } else if (original.declaration.kind !== 'constant') {
      callables.set(name, { ...replacement, name, declaration: replacement.declaration });
      callables.set(originalName(name), {
        ...original,
        name: originalName(name),
        declaration: original.declaration,
      });
    }
  }
  return {
    scope: program.scope,
    coverage: program.coverage,
    callables,
    constants: foldConstants(constantDeclarations, program.scope, refusals),
    resolve: (caller, name) => (overrides[name] === caller.declaration.name ? originalName(name) : name),
    refusals,
  };
}

interface Placed<Kind extends Declaration = Declaration> {
  readonly file: string;
  readonly declaration: Kind;
}

function originalName(name: string): string {
  return `${name}$original`;
}

function describe(declaration: Declaration): string {
  if (declaration.kind === 'constant') return 'constant';
  return `${declaration.kind} of ${declaration.parameters.length} arguments`;
}

function collect(program: DialectProgram, scheme: Scheme, refusals: Refusal[]): Map<string, Placed> {
  const { steps, structs, constants } = program.scope;
  const declared = new Map<string, Placed>();
  for (const file of program.files) {
    if (file.room !== 'common' && file.room !== scheme) continue;
    for (const declaration of file.declarations) {
      const { name, line } = declaration;
      const other = declared.get(name);
      const place =
        other !== undefined
          ? `${other.file}:${other.declaration.line}`
          : steps.has(name) || structs.has(name) || constants.has(name)
            ? 'the machine or the kernel’s state'
            : undefined;
      if (place === undefined) declared.set(name, { file: file.path, declaration });
      else
        refusals.push({
          file: file.path,
          line,
          message: `'${name}' is declared in ${place} already: names are unique`,
        });
    }
  }
  return declared;
}

function foldConstants(
  declarations: ReadonlyMap<string, Placed<ConstantDeclaration>>,
  scope: Scope,
  refusals: Refusal[],
): Map<string, number> {
  const values = new Map(scope.constants);
  const folding = new Set<string>();
  const constantValue = (name: string): number => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const placed = declarations.get(name);
    if (placed === undefined) throw new Error(`'${name}' is not a declared constant`);
    if (folding.has(name)) throw new Error(`'${name}' is defined by itself`);
    folding.add(name);
    const value = evaluateConstant(placed.declaration.value, constantValue);
    if (!Number.isSafeInteger(value)) throw new Error(`'${name}' is ${value}: only integers`);
    values.set(name, value);
    return value;
  };
  for (const [name, { file, declaration }] of declarations) {
    try {
      constantValue(name);
    } catch (error) {
      refusals.push({
        file,
        line: declaration.line,
        message: error instanceof Error ? error.message : String(error),
      });
      values.set(name, 0);
    }
  }
  return values;
}
