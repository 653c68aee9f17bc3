import type { RegisterKind } from '../operations/operation.ts';
import type { OperationName } from '../operations/table.ts';
import type { Span } from '../source/span.ts';
import type { Scheme } from '../syntax/ast.ts';
import type { RegisterReference, ResolvedExpression } from './expression.ts';

export type ResolvedStatement = ResolvedOperation | ResolvedAssert | ResolvedRepeat | ResolvedRow;

export interface ResolvedOperation {
  readonly kind: 'operation';
  readonly operation: OperationName;
  /** By parameter name. Arguments left out are absent, unless the table has a value for them. */
  readonly arguments: Readonly<Record<string, ResolvedArgument>>;
  /** Takes the result; null when the test does not keep it. */
  readonly register: RegisterReference | null;
  /**
   * Registers that the operation reads, handles first. It is skipped when one was never set, or when a handle
   * holds an error.
   */
  readonly reads: readonly RegisterRead[];
  /** The statement as text, white space normalised. */
  readonly text: string;
  readonly span: Span;
}

export interface RegisterRead {
  readonly register: RegisterReference;
  /** A `handle` is what the operation works on (a mapping, a pin…), a `value` stands in an expression. */
  readonly use: 'handle' | 'value';
}

export type ResolvedArgument =
  | {
      readonly kind: 'number';
      readonly expression: ResolvedExpression;
      /** Its value when no term is in it, else null. */
      readonly constant: number | null;
    }
  | { readonly kind: 'register'; readonly register: RegisterReference; readonly holds: RegisterKind }
  | { readonly kind: 'device'; readonly device: number }
  | { readonly kind: 'process'; readonly process: number }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'flag' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'barrier'; readonly barrier: number };

/** Checked where it stands, together with the operation before it. */
export interface ResolvedAssert {
  readonly kind: 'assert';
  /** Null when it holds for both schemes. */
  readonly scheme: Scheme | null;
  readonly expression: ResolvedExpression;
  /** The expression as text, white space normalised. */
  readonly text: string;
  readonly span: Span;
}

export interface ResolvedRepeat {
  readonly kind: 'repeat';
  /** 1 to 10^9. */
  readonly count: number;
  readonly body: readonly ResolvedStatement[];
  readonly span: Span;
}

/**
 * Adjacent thread and fork blocks. First the forks happen, one after the other, each an operation of the
 * thread that reaches the row; then all branches run side by side; the next statement waits for all of them.
 */
export interface ResolvedRow {
  readonly kind: 'row';
  /** In file order. */
  readonly branches: readonly Branch[];
  readonly span: Span;
}

export interface Branch {
  readonly kind: 'thread' | 'fork';
  /** The thread that runs the branch; for a fork the main thread of the child. */
  readonly thread: number;
  /** The process it runs in; for a fork the child. */
  readonly process: number;
  /** `fork C`, `thread A`. */
  readonly text: string;
  readonly span: Span;
}
