import { extent } from '../../kernel/state/extent.ts';
import type { Step, TraceEntry, UnfinishedOperation } from '../../litmus/output/index.ts';
import type { Memory } from '../../machine/memory.ts';
import type { ThreadState } from '../interpreter/threadState.ts';
import type { Observer } from '../observe/observer.ts';
import { BlockNotes } from './blockNotes.ts';
import { ChangeNotes } from './changeNotes.ts';
import { thereIn } from './isThere.ts';
import { namedChanges } from './namedChanges.ts';
import type { UnfinishedOperations } from './unfinished.ts';
import type { WordNames } from './wordNames.ts';

/** Words of which the reader of a test wants to know what an operation did to them. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  page: ['_refcount', '_mapcount', '_large_mapcount', '_pincount', 'order'],
  pte_table: ['entry'],
  pmd_table: ['entry'],
  pud_table: ['entry'],
  i_pages: ['entry'],
  inode: ['i_size'],
  dev_pagemap: ['dying'],
  dev_dax: ['bound'],
};

/** Words that are shown of one operation. */
const WORDS_SHOWN = 24;

/** Runs of blocks that are shown of one operation. */
const RUNS_SHOWN = 24;

/** An operation that is over, or how far one has come that is not, with what it changed since it was last told of. */
export interface DetailedStep {
  /** Number of the thread. */
  readonly by: number;
  readonly step: Step | UnfinishedOperation;
  readonly changes: TraceEntry['changes'];
  /** Whether it changed more than is shown. */
  readonly isCut: boolean;
}

/** Whether an operation is over. */
export function isOver(step: Step | UnfinishedOperation): step is Step {
  return !('waitsFor' in step);
}

export interface StepChangesParts {
  readonly memory: Memory;
  readonly names: WordNames;
  readonly observer: Observer;
  readonly unfinished: UnfinishedOperations;
  /** Which thread takes the current step. */
  readonly thread: () => number;
  /** Told of operations in the order in which they are over, and of those that wait meanwhile. */
  readonly tell: (operation: DetailedStep) => void;
}

/** Tells of each operation what it changed, for people. */
export class StepChanges {
  private readonly parts: StepChangesParts;
  private readonly notes: ChangeNotes;
  private readonly blocks: BlockNotes;
  /** How many words each thread's operation had changed when it began to change blocks. */
  private readonly blocksAt: (number | undefined)[] = [];
  /** References on each device's pgmap beyond its own, as they were last shown. */
  private readonly held: number[];
  /** What each thread's operation was last told to wait for. */
  private readonly told: (string | null | undefined)[] = [];

  constructor(parts: StepChangesParts) {
    const { memory, thread, observer } = parts;
    this.parts = parts;
    this.held = observer.layout.extents.map(() => 0);
    this.notes = new ChangeNotes({
      memory,
      thread,
      selects: (struct, field) => SHOWN[struct]?.includes(field) === true,
      isThere: thereIn(memory, observer.layout),
      limit: WORDS_SHOWN,
      interrupted: (other) => this.interrupted(other),
    });
    this.blocks = new BlockNotes({
      memory,
      table: extent,
      thread,
      interrupted: (other) => this.interrupted(other),
      begins: (writer) => {
        this.blocksAt[writer] ??= this.notes.noted(writer);
      },
    });
  }

  /** What was changed so far was no operation's doing. */
  begin(): void {
    this.notes.clear();
    this.blocks.clear();
  }

  /** A thread has finished an operation: those that sleep meanwhile fell asleep before. */
  over(thread: number, step: Step): void {
    for (const other of this.parts.unfinished.asleepBeside(thread)) this.interrupted(other);
    this.told[thread] = undefined;
    this.parts.tell({ by: thread, step, ...this.take(thread) });
  }

  /** These threads will never finish their operations. */
  stuck(threads: readonly ThreadState[]): void {
    for (const { index } of this.parts.unfinished.inOrder(threads)) this.interrupted(index);
  }

  /** Tells how far the operation of a thread has come, unless that is known. */
  private interrupted(thread: number): void {
    const step = this.parts.unfinished.of(thread);
    if (step === undefined) return;
    const taken = this.take(thread);
    const isKnown = this.told[thread] === step.waitsFor || step.waitsFor === null;
    if (isKnown && Object.keys(taken.changes).length === 0) return;
    this.told[thread] = step.waitsFor;
    this.parts.tell({ by: thread, step, ...taken });
  }

  /** Words and blocks stand in the order in which they were first changed. */
  private take(thread: number): Pick<DetailedStep, 'changes' | 'isCut'> {
    const { names } = this.parts;
    const { changes, isCut } = this.notes.take(thread);
    const blocks = this.blocks.take(thread);
    const blocksAt = this.blocksAt[thread] ?? 0;
    this.blocksAt[thread] = undefined;
    const shown = changes.filter(({ struct, before, after }) => !names.isTable(struct, before, after));
    return {
      changes: {
        ...namedChanges(
          shown.filter(({ position }) => position < blocksAt),
          names,
        ),
        ...names.blocks.named(blocks.slice(0, RUNS_SHOWN)),
        ...namedChanges(
          shown.filter(({ position }) => position >= blocksAt),
          names,
        ),
        ...this.pgmapReferences(),
      },
      isCut: isCut || blocks.length > RUNS_SHOWN,
    };
  }

  private pgmapReferences(): TraceEntry['changes'] {
    const { layout, pgmaps } = this.parts.observer;
    const changes: Record<string, readonly [number, number]> = {};
    for (const { device, name } of layout.extents) {
      const before = this.held[device] ?? 0;
      const after = pgmaps.referencesHeld(device);
      if (before !== after) changes[`${name}.pgmap.ref`] = [before, after];
      this.held[device] = after;
    }
    return changes;
  }
}
