import type { Scheme, SourceFile } from '../compile/dialect/source.ts';
import type { Overrides } from '../compile/link/selection.ts';
import type { ConditionKind, Program, PropertyName } from '../litmus/index.ts';

/** What a bug breaks: a built-in property, or a condition of its test. */
export type Broken = PropertyName | Exclude<ConditionKind, 'exists'> | 'assert';

/** A bug as `bug.json` describes it. */
export interface BugDescription {
  /** What the changed kernel does wrong, and what comes of it. */
  readonly sentence: string;
  /** The change that fixed it in Linux; null if it never was in a release. */
  readonly fix: Fix | null;
  readonly schemes: readonly Scheme[];
  readonly breaks: Broken;
  /** Name of a kernel function, helper or constant → name of what takes its place. */
  readonly overrides: Overrides;
}

/** A change in Linux. */
export interface Fix {
  readonly subject: string;
  /** Abbreviated hash; null where it is not known for sure. */
  readonly commit: string | null;
}

/** A bug as it lies in its folder. */
export interface BugSource extends BugDescription {
  readonly name: string;
  /** The litmus test that finds it. */
  readonly test: string;
  /** The functions that take the place of the kernel's. */
  readonly kernel: SourceFile;
}

/** A bug that can be looked for. */
export interface Bug extends BugDescription {
  readonly name: string;
  readonly test: string;
  /** The test, loaded. */
  readonly program: Program;
  readonly kernel: SourceFile;
}
