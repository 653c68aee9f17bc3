/**
 * A dialect function as data: what the reader makes of the source at build time and what the checker and the
 * frame compiler work on. Everything is plain JSON, so that no parser is needed where kernels are linked.
 */

/** Where a value of the dialect comes from. Locals are numbered within their function, parameters first. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'local'; readonly local: number }
  | { readonly kind: 'constant'; readonly name: string; readonly line: number }
  | { readonly kind: 'field'; readonly struct: string; readonly field: string; readonly line: number }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'logical';
      readonly operator: LogicalOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly consequent: Expression;
      readonly alternate: Expression;
    }
  | CallExpression;

/** `yield* name(…)` when it suspends (a primitive or a kernel function), else a helper or a local function. */
export interface CallExpression {
  readonly kind: 'call';
  readonly name: string;
  readonly suspends: boolean;
  readonly arguments: readonly Expression[];
  readonly line: number;
}

export type UnaryOperator = '-' | '+' | '~' | '!';
export type LogicalOperator = '&&' | '||';
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '%'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '>>>'
  | '==='
  | '!=='
  | '<'
  | '<='
  | '>'
  | '>=';

export type Statement =
  | { readonly kind: 'assign'; readonly local: number; readonly value: Expression; readonly line: number }
  | { readonly kind: 'evaluate'; readonly value: Expression; readonly line: number }
  | {
      readonly kind: 'if';
      readonly test: Expression;
      readonly consequent: readonly Statement[];
      readonly alternate: readonly Statement[];
      readonly line: number;
    }
  | {
      readonly kind: 'loop';
      /** Tested before each round; `null` is a loop without a test. */
      readonly test: Expression | null;
      readonly body: readonly Statement[];
      /** Runs after each round and on `continue`. */
      readonly update: readonly Statement[];
      readonly line: number;
    }
  | { readonly kind: 'break'; readonly line: number }
  | { readonly kind: 'continue'; readonly line: number }
  | { readonly kind: 'return'; readonly value: Expression | null; readonly line: number };
