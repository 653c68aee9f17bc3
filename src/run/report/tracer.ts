import type { CallSite, PendingStep } from '../../compile/link/thread.ts';
import { durable_extent } from '../../kernel/state/durable.ts';
import { extent } from '../../kernel/state/extent.ts';
import type { TraceEntry } from '../../litmus/output/index.ts';
import type { Cpu } from '../../machine/brand.ts';
import { declaredStructs } from '../../machine/field.ts';
import type { Memory } from '../../machine/memory.ts';
import type { Layout } from '../observe/layout.ts';
import { BlockNotes } from './blockNotes.ts';
import { ChangeNotes } from './changeNotes.ts';
import { thereIn } from './isThere.ts';
import { namedChanges } from './namedChanges.ts';
import type { Rehearsal, WordRead } from './rehearsal.ts';
import type { WordNames } from './wordNames.ts';

/** Words that one step of the trace shows, and runs of blocks. */
const WORDS_SHOWN = 64;
const RUNS_SHOWN = 16;

/** Structs that no other thread sees. */
const PRIVATE: ReadonlySet<string> = new Set(
  declaredStructs().flatMap(({ name, options }) => (options.private === true ? [name] : [])),
);

/** Structs of which one step may read many objects until it comes to the one that it looks for. */
const SCANNED: readonly string[] = ['page', 'i_pages'];

/** Where a step was taken. */
export interface TracedStep {
  readonly cpu: Cpu;
  readonly thread: string;
  /** The operation that it belongs to: named where the step is no kernel function's. */
  readonly operation: string;
  /** The calls under way in the kernel, outermost first. */
  readonly chain: readonly CallSite[];
}

/** Tells of each step where in the kernel it was taken, what it read, and what it changed. */
export class Tracer {
  private readonly names: WordNames;
  private readonly rehearsal: Rehearsal;
  private readonly notes: ChangeNotes;
  private readonly blocks: BlockNotes;
  private readonly durableBlocks: BlockNotes;
  /** What the step that was attempted last would read, and whose it is. */
  private attempted: { readonly cpu: Cpu; readonly reads: readonly WordRead[] } | undefined;

  constructor(memory: Memory, names: WordNames, layout: Layout, rehearsal: Rehearsal) {
    this.names = names;
    this.rehearsal = rehearsal;
    this.blocks = new BlockNotes({ memory, table: extent, thread: () => 0 });
    this.durableBlocks = new BlockNotes({ memory, table: durable_extent, thread: () => 0 });
    this.notes = new ChangeNotes({
      memory,
      thread: () => 0,
      selects: (struct, field) => names.isTold(struct, field),
      isThere: thereIn(memory, layout),
      limit: WORDS_SHOWN,
    });
  }

  /** What was changed so far was no step. */
  begin(): void {
    this.notes.clear();
    this.blocks.clear();
    this.durableBlocks.clear();
  }

  /** A thread attempts a step inside the kernel. */
  attempts(cpu: Cpu, step: PendingStep): void {
    this.attempted = { cpu, reads: this.rehearsal.reads(cpu, step) };
  }

  /** The step that was taken since the last call. */
  take({ cpu, thread, operation, chain }: TracedStep): TraceEntry {
    const site = chain.at(-1);
    const changes = this.changes();
    return {
      thread,
      function: site?.caller ?? operation,
      file: site?.file ?? '',
      line: site?.line ?? 0,
      changes,
      ...this.reads(cpu, changes),
    };
  }

  /**
   * The word that decided what the step answered, which changed nothing: the only one that it read, or the one at which it
   * stopped.
   */
  private reads(cpu: Cpu, changes: TraceEntry['changes']): Pick<TraceEntry, 'reads'> {
    const { names, attempted } = this;
    this.attempted = undefined;
    if (attempted?.cpu !== cpu || Object.keys(changes).length > 0) return {};
    const told = attempted.reads.filter(
      ({ struct, field }) => !PRIVATE.has(struct) && names.isTold(struct, field),
    );
    const last = told.at(-1);
    const isOnly = told.every(({ struct, field, index }) => {
      return struct === last?.struct && field === last.field && index === last.index;
    });
    if (last === undefined || !(isOnly || SCANNED.includes(last.struct))) return {};
    const { struct, field, index, value } = last;
    return { reads: { [names.nameOf(struct, field, index)]: names.valueOf(struct, field, index, value) } };
  }

  private changes(): TraceEntry['changes'] {
    const { names } = this;
    return {
      ...namedChanges(this.notes.take(0).changes, names),
      ...names.blocks.named(this.blocks.take(0).slice(0, RUNS_SHOWN)),
      ...names.blocks.named(this.durableBlocks.take(0).slice(0, RUNS_SHOWN), ' (medium)'),
    };
  }
}
