import type { CallSite } from '../../compile/link/thread.ts';
import { durable_extent } from '../../kernel/state/durable.ts';
import { extent } from '../../kernel/state/extent.ts';
import type { TraceEntry } from '../../litmus/output/index.ts';
import type { Memory } from '../../machine/memory.ts';
import type { Layout } from '../observe/layout.ts';
import { BlockNotes } from './blockNotes.ts';
import { ChangeNotes } from './changeNotes.ts';
import { thereIn } from './isThere.ts';
import { namedChanges } from './namedChanges.ts';
import type { WordNames } from './wordNames.ts';

/** Words that one step of the trace shows, and runs of blocks. */
const WORDS_SHOWN = 64;
const RUNS_SHOWN = 16;

/** Where a step was taken. */
export interface TracedStep {
  readonly thread: string;
  /** The operation that it belongs to: named where the step is no kernel function's. */
  readonly operation: string;
  /** The calls under way in the kernel, outermost first. */
  readonly chain: readonly CallSite[];
}

/** Tells of each step where in the kernel it was taken, and what it changed. */
export class Tracer {
  private readonly names: WordNames;
  private readonly notes: ChangeNotes;
  private readonly blocks: BlockNotes;
  private readonly durableBlocks: BlockNotes;

  constructor(memory: Memory, names: WordNames, layout: Layout) {
    this.names = names;
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

  /** The step that was taken since the last call. */
  take({ thread, operation, chain }: TracedStep): TraceEntry {
    const site = chain.at(-1);
    return {
      thread,
      function: site?.caller ?? operation,
      file: site?.file ?? '',
      line: site?.line ?? 0,
      changes: this.changes(),
    };
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
