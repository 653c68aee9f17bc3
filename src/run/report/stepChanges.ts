import type { Step, TraceEntry } from '../../litmus/output/index.ts';
import type { Memory } from '../../machine/memory.ts';
import type { Observer } from '../observe/observer.ts';
import { ChangeNotes } from './changeNotes.ts';
import { namedChanges } from './namedChanges.ts';
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

/** A step of the result, with what it changed. */
export interface DetailedStep {
  readonly step: Step;
  readonly changes: TraceEntry['changes'];
  /** Whether it changed more than is shown. */
  readonly isCut: boolean;
}

export interface StepChangesParts {
  readonly memory: Memory;
  readonly names: WordNames;
  readonly observer: Observer;
  /** Which thread takes the current step. */
  readonly thread: () => number;
}

/** Tells of each operation what it changed, for people. */
export class StepChanges {
  private readonly parts: StepChangesParts;
  private readonly notes: ChangeNotes;
  /** References on each device's pgmap beyond its own, as they were last shown. */
  private readonly held: number[];

  constructor(parts: StepChangesParts) {
    const { memory, thread, observer } = parts;
    this.parts = parts;
    this.held = observer.layout.extents.map(() => 0);
    this.notes = new ChangeNotes({
      memory,
      thread,
      selects: (struct, field) => SHOWN[struct]?.includes(field) === true,
      isThere: (struct, index) => struct !== 'page' || observer.folios.hasMemmap(index),
      limit: WORDS_SHOWN,
    });
  }

  /** What was changed so far was no operation's doing. */
  begin(): void {
    this.notes.clear();
  }

  /** The operation that a thread has finished. */
  take(thread: number, step: Step): DetailedStep {
    const { changes, isCut } = this.notes.take(thread);
    const { names } = this.parts;
    const shown = changes.filter(({ struct, before, after }) => !names.isTable(struct, before, after));
    return { step, changes: { ...namedChanges(shown, names), ...this.pgmapReferences() }, isCut };
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
