import type { RegisterKind } from '../operations/operation.ts';
import type { Span } from '../source/span.ts';
import type { ConditionKind, DeviceKind, Scheme } from '../syntax/ast.ts';
import type { PropertyName } from '../vocabulary/properties.ts';
import type { ResolvedExpression } from './expression.ts';
import type { ResolvedStatement } from './statement.ts';

/**
 * A test whose names are resolved: what an interpreter needs and nothing that it would have to look up.
 * Devices, processes, threads, barriers and registers are numbered; the numbers index the arrays here.
 */
export interface Program {
  readonly fileName: string;
  readonly name: string;
  /** The quoted sentence under the name; empty when there is none. */
  readonly description: string;
  readonly devices: readonly Device[];
  /** Names of files, each once, in the order in which the text has them; the kernel knows them by their place here. */
  readonly fileNames: readonly string[];
  /** Every process block, and every fork as a process of its own, in file order (a parent before its children). */
  readonly processes: readonly Process[];
  /** Every thread, the main thread of every process included, in file order (a parent before its children). */
  readonly threads: readonly Thread[];
  readonly barriers: readonly Barrier[];
  readonly conditions: readonly ResolvedCondition[];
  readonly hazards: readonly Hazard[];
}

export interface Device {
  readonly index: number;
  readonly name: string;
  readonly kind: DeviceKind;
  /** Bytes; a positive multiple of `align`. */
  readonly size: number;
  /** Bytes: 4 KiB, 2 MiB or 1 GiB on devdax; 4 KiB on fsdax. */
  readonly align: number;
  /** File system on an fsdax device, null on devdax. */
  readonly fileSystem: 'ext4' | 'xfs' | null;
  /** Whether that is an xfs with a map from blocks to the files that have them. */
  readonly rmapbt: boolean;
  readonly span: Span;
}

export interface Process {
  readonly index: number;
  readonly name: string;
  /** The process that forks this one; null for a process block. */
  readonly parent: number | null;
  /** Its main thread, which runs `body`. */
  readonly mainThread: number;
  readonly body: readonly ResolvedStatement[];
  /**
   * What it can name. A forked child begins with all registers of its parent, at the same numbers: fork copies
   * slot by slot.
   */
  readonly registers: readonly Register[];
  readonly span: Span;
}

export interface Register {
  readonly name: string;
  readonly kind: RegisterKind;
  /** Whether the text of this very process sets it; a forked child may only have inherited it. */
  readonly setHere: boolean;
}

export interface Thread {
  readonly index: number;
  /** The thread's name; the process's name for a main thread. */
  readonly name: string;
  readonly process: number;
  /** The thread that starts it (for the main thread of a child, the one that forks); null for a process block. */
  readonly parent: number | null;
  readonly main: boolean;
  readonly body: readonly ResolvedStatement[];
  readonly span: Span;
}

export interface Barrier {
  readonly index: number;
  readonly name: string;
  /** Threads whose own text names it, in file order; nested thread and fork blocks are texts of their own. */
  readonly participants: readonly number[];
}

export interface ResolvedCondition {
  readonly kind: ConditionKind;
  /** Null when it holds for both schemes. */
  readonly scheme: Scheme | null;
  readonly expression: ResolvedExpression;
  /** The expression as text, white space normalised. */
  readonly text: string;
  readonly span: Span;
}

/** A property that Linux is declared to break in this test. */
export interface Hazard {
  readonly scheme: Scheme | null;
  readonly property: PropertyName;
  readonly reason: string;
  /** The declaration without its keyword, as text. */
  readonly text: string;
  readonly span: Span;
}
