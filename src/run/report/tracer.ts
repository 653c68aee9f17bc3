import type { CallSite } from '../../compile/link/thread.ts';
import type { TraceEntry } from '../../litmus/output/index.ts';
import type { Memory } from '../../machine/memory.ts';
import type { FolioReader } from '../observe/folioReader.ts';
import { ChangeNotes } from './changeNotes.ts';
import { namedChanges } from './namedChanges.ts';
import type { WordNames } from './wordNames.ts';

/** Structs whose words are the tools' bookkeeping, not the machine's. */
const BOOKKEEPING: readonly string[] = [
  'register',
  'process',
  'descriptor',
  'barrier',
  'slots',
  'taking_call',
  'known_extent',
  'stale_reference',
  'newer_translation',
];

/** Words that one step of the trace shows. */
const WORDS_SHOWN = 64;

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

  constructor(memory: Memory, names: WordNames, folios: FolioReader) {
    this.names = names;
    this.notes = new ChangeNotes({
      memory,
      thread: () => 0,
      selects: (struct) => !BOOKKEEPING.includes(struct),
      isThere: (struct, index) => struct !== 'page' || folios.hasMemmap(index),
      limit: WORDS_SHOWN,
    });
  }

  /** What was changed so far was no step. */
  begin(): void {
    this.notes.clear();
  }

  /** The step that was taken since the last call. */
  take({ thread, operation, chain }: TracedStep): TraceEntry {
    const site = chain.at(-1);
    return {
      thread,
      function: site?.caller ?? operation,
      file: site?.file ?? '',
      line: site?.line ?? 0,
      changes: namedChanges(this.notes.take(0).changes, this.names),
    };
  }
}
