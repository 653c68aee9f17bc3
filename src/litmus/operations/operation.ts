import type { DeviceKind } from '../syntax/ast.ts';

/** What a register can hold, besides an error. */
export type RegisterKind =
  | 'number'
  | 'mapping'
  | 'file'
  | 'descriptor'
  | 'pin'
  | 'get'
  | 'pipe'
  | 'ring'
  | 'request';

/** What an operation leaves in its register; `nothing` takes no register. */
export type ResultKind = RegisterKind | 'nothing';

/** What an argument has to be. */
export type ParameterType =
  /** A register of the process that runs the operation, or, with `ofProcess`, of the process named before it. */
  | { readonly kind: 'register'; readonly accepts: readonly RegisterKind[]; readonly ofProcess?: true }
  | { readonly kind: 'device'; readonly only?: DeviceKind }
  /** A device, or a register that holds something that mmap(2) takes. */
  | { readonly kind: 'mappable'; readonly accepts: readonly RegisterKind[] }
  | { readonly kind: 'process' }
  | { readonly kind: 'number'; readonly minimum?: number; readonly maximum?: number }
  /** One of some bare words. */
  | { readonly kind: 'choice'; readonly words: readonly string[] }
  /** A bare word, the parameter's own name, that is there or is not. */
  | { readonly kind: 'flag' }
  | { readonly kind: 'text' }
  | { readonly kind: 'barrier' };

export interface Parameter {
  /** Name, as written before `=`; also the key among the arguments of a resolved operation. */
  readonly name: string;
  readonly type: ParameterType;
  readonly required: boolean;
  /** Value when the argument is left out; null where absence has a meaning of its own. */
  readonly fallback: number | string | null;
  /** True when the argument must be given by name. */
  readonly namedOnly: boolean;
  /** Half a sentence for hover and manual. */
  readonly doc: string;
}

/** One row of the operation table. */
export interface Operation<Name extends string = string> {
  readonly name: Name;
  /** In the order in which they are given by position. */
  readonly parameters: readonly Parameter[];
  readonly result: ResultKind;
  /** True where a negative result is a value, not an errno. */
  readonly hasNegativeValues?: true;
  /** One sentence: what it does. */
  readonly doc: string;
  /** What the register holds afterwards, for hover and manual. */
  readonly returns: string;
}

/** Rows of the table by name; the type makes the compiler ask for every row. */
export type OperationRows<Names extends string> = {
  readonly [Name in Names]: Omit<Operation<Name>, 'name'>;
};
