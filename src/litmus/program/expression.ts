import type { Span } from '../source/span.ts';
import type { BinaryOperator, UnaryOperator } from '../syntax/ast.ts';
import type { DeviceField, EntryField, FilePageField, PageField, PgmapField } from '../vocabulary/terms.ts';

/** One register of one process. */
export interface RegisterReference {
  /** Index into the program's processes. */
  readonly process: number;
  /** Index into the registers of that process. */
  readonly slot: number;
}

/** An expression whose names are resolved. Truth is 1 or 0; parentheses are gone into the shape. */
export type ResolvedExpression =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | {
      readonly kind: 'unary';
      readonly operator: UnaryOperator;
      readonly operand: ResolvedExpression;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: ResolvedExpression;
      readonly right: ResolvedExpression;
      readonly span: Span;
    }
  | Term;

/** A part of an expression whose value only the machine knows. */
export type Term =
  /** Reference count of an idle page of that device, under the scheme that executes. */
  | { readonly kind: 'idle'; readonly device: number; readonly span: Span }
  /** `d[index].field`; the index counts 4 KiB pages. */
  | {
      readonly kind: 'page';
      readonly device: number;
      readonly index: ResolvedExpression;
      readonly field: PageField;
      readonly span: Span;
    }
  /** `f[index].field`. */
  | {
      readonly kind: 'filePage';
      readonly file: RegisterReference;
      readonly index: ResolvedExpression;
      readonly field: FilePageField;
      readonly span: Span;
    }
  /** `m.pte[index].field`. */
  | {
      readonly kind: 'entry';
      readonly mapping: RegisterReference;
      readonly index: ResolvedExpression;
      readonly field: EntryField;
      readonly span: Span;
    }
  | { readonly kind: 'pgmap'; readonly device: number; readonly field: PgmapField; readonly span: Span }
  | { readonly kind: 'device'; readonly device: number; readonly field: DeviceField; readonly span: Span }
  /** Value of a register; a mapping or a file counts as 0. */
  | { readonly kind: 'register'; readonly register: RegisterReference; readonly span: Span };
