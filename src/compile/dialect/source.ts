import type { Expression, Statement } from './tree.ts';

/** Folder of the kernel that a file lies in: shared, or one scheme's own. */
export type Room = 'common' | 'devmap' | 'refcount';

/** The two ways of the kernel to count references of DAX pages. */
export type Scheme = 'devmap' | 'refcount';

/** One kernel file after reading. */
export interface SourceFile {
  /** Path below the kernel's folder, with `/`: `common/mm/gup.ts`. */
  readonly path: string;
  readonly room: Room;
  readonly imports: readonly ImportedName[];
  readonly declarations: readonly Declaration[];
}

/** A name that a file imports for its value (types are not listed). */
export interface ImportedName {
  readonly name: string;
  readonly from: string;
  readonly line: number;
}

export type Declaration = ConstantDeclaration | HelperDeclaration | FunctionDeclaration;

export interface ConstantDeclaration {
  readonly kind: 'constant';
  readonly name: string;
  readonly line: number;
  readonly value: Expression;
}

/** A pure helper: one return expression. */
export interface HelperDeclaration extends CallableDeclaration {
  readonly kind: 'helper';
  readonly value: Expression;
  readonly returnsBoolean: boolean;
}

/** A kernel function. */
export interface FunctionDeclaration extends CallableDeclaration {
  readonly kind: 'function';
  /** Names and lines of all locals, parameters first; trees name them by position. */
  readonly locals: readonly LocalName[];
  readonly body: readonly Statement[];
  /** Whether it returns an integer. */
  readonly returnsValue: boolean;
  /** Position of its `*` in `text`. */
  readonly star: number;
}

interface CallableDeclaration {
  readonly name: string;
  readonly line: number;
  readonly parameters: readonly Parameter[];
  /** What of Linux it stands for, from the doc comment. */
  readonly linux: readonly LinuxOrigin[];
  /** JavaScript, the types blanked in place: same lines and columns as the source. */
  readonly text: string;
  readonly calls: readonly CallMark[];
  /** Constants that it names. */
  readonly references: readonly NameMark[];
  /** What it decides on; of nested ones the outer first. */
  readonly tests: readonly TestMark[];
}

export interface LocalName {
  readonly name: string;
  readonly line: number;
}

export interface Parameter {
  readonly name: string;
  /** The type as written. */
  readonly type: string;
}

/** `Linux: <file> <function> (<release>)` of a doc comment. */
export interface LinuxOrigin {
  readonly file: string;
  readonly functions: string;
  readonly release: string;
}

/** Where a name stands in a declaration's text. */
export interface NameMark {
  readonly name: string;
  readonly at: number;
}

/** Where a call stands in a declaration's text; offsets count from the text's beginning. */
export interface CallMark {
  readonly name: string;
  readonly line: number;
  /** Called by `yield*`. */
  readonly suspends: boolean;
  /** Of `yield*` or, without it, of the name. */
  readonly start: number;
  readonly callee: number;
  /** Behind the opening parenthesis. */
  readonly open: number;
  readonly arguments: readonly (readonly [start: number, end: number])[];
  /** Behind the closing parenthesis. */
  readonly end: number;
}

/** What decides which way a function goes: the test of `if`, `while`, `for` or `?:`, the left side of `&&` or `||`. */
export interface TestMark {
  readonly kind: 'if' | 'loop' | '?:' | '&&' | '||';
  readonly line: number;
  /** Offset in the declaration's text, as is `end`. */
  readonly start: number;
  readonly end: number;
}
