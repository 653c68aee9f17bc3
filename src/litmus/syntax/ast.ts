import type { Span } from '../source/span.ts';

/** The two implementations of DAX page references that a test can speak about. */
export type Scheme = 'devmap' | 'refcount';

export interface Identifier {
  readonly name: string;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: 'string';
  /** The text between the quotes, escapes resolved. */
  readonly value: string;
  readonly span: Span;
}

/** A `#` comment. The parser keeps them beside the tree, for the formatter. */
export interface Comment {
  /** From the `#` to the end of the line, trailing white space removed. */
  readonly text: string;
  /** True when nothing but white space stands before it on its line. */
  readonly ownLine: boolean;
  readonly span: Span;
}

/** A whole test, as written. */
export interface LitmusFile {
  readonly kind: 'file';
  readonly name: Identifier;
  readonly description: StringLiteral | null;
  readonly items: readonly TopLevelItem[];
  readonly comments: readonly Comment[];
  readonly span: Span;
}

export type TopLevelItem = DeviceDeclaration | ProcessDeclaration | Condition | HazardDeclaration;

export type DeviceKind = 'devdax' | 'fsdax';

export interface DeviceDeclaration {
  readonly kind: 'device';
  readonly name: Identifier;
  readonly deviceKind: DeviceKind;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

export interface ProcessDeclaration {
  readonly kind: 'process';
  readonly name: Identifier;
  readonly body: Body;
  readonly span: Span;
}

export type ConditionKind = 'always' | 'finally' | 'exists' | 'never';

export interface SchemeTag {
  readonly scheme: Scheme;
  readonly span: Span;
}

export interface Condition {
  readonly kind: 'condition';
  readonly conditionKind: ConditionKind;
  /** Null when the condition holds for both schemes. */
  readonly scheme: SchemeTag | null;
  readonly expression: Expression;
  readonly span: Span;
}

/** A property that Linux is known to break here. */
export interface HazardDeclaration {
  readonly kind: 'hazard';
  readonly scheme: SchemeTag | null;
  readonly property: Identifier;
  readonly reason: StringLiteral;
  readonly span: Span;
}

/** What stands between two braces; the span includes them. */
export interface Body {
  readonly statements: readonly Statement[];
  readonly span: Span;
}

export type Statement = OperationCall | BlockStatement | RepeatStatement | AssertStatement;

export interface OperationCall {
  readonly kind: 'call';
  /** The register that takes the result. */
  readonly register: Identifier | null;
  readonly operation: Identifier;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

/** `thread ID { … }` or `fork ID { … }`. */
export interface BlockStatement {
  readonly kind: 'thread' | 'fork';
  readonly name: Identifier;
  readonly body: Body;
  readonly span: Span;
}

export interface RepeatStatement {
  readonly kind: 'repeat';
  readonly count: NumberLiteral;
  readonly body: Body;
  readonly span: Span;
}

export interface AssertStatement {
  readonly kind: 'assert';
  readonly scheme: SchemeTag | null;
  readonly expression: Expression;
  readonly span: Span;
}

/** One argument; a bare word (`rw`, `m`, `longterm`) is a path without accessors. */
export interface Argument {
  readonly name: Identifier | null;
  readonly value: Expression | StringLiteral;
  readonly span: Span;
}

export type Expression =
  | NumberLiteral
  | BooleanLiteral
  | IdleTerm
  | PathExpression
  | UnaryExpression
  | BinaryExpression
  | ParenthesizedExpression;

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  /** As written: `8K`, `0x40`. */
  readonly text: string;
  readonly span: Span;
}

export interface BooleanLiteral {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly span: Span;
}

export interface IdleTerm {
  readonly kind: 'idle';
  readonly span: Span;
}

/** A name with what follows it: `r`, `P.m`, `d[0].refcount`, `P.m.pte[0].rw`, `EFAULT`. */
export interface PathExpression {
  readonly kind: 'path';
  readonly root: Identifier;
  readonly accessors: readonly Accessor[];
  readonly span: Span;
}

export type Accessor =
  | { readonly kind: 'field'; readonly name: string; readonly span: Span }
  | { readonly kind: 'index'; readonly index: Expression; readonly span: Span };

export type UnaryOperator = '!' | '-';

export type BinaryOperator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

export interface UnaryExpression {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
  readonly span: Span;
}

export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** Parentheses are kept, so that the formatter does not remove what the author wrote for clarity. */
export interface ParenthesizedExpression {
  readonly kind: 'parenthesized';
  readonly inner: Expression;
  readonly span: Span;
}
