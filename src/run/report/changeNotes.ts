import { declaredStructs } from '../../machine/field.ts';
import type { Memory } from '../../machine/memory.ts';

/** One word that changed. */
export interface WordChange {
  readonly struct: string;
  readonly field: string;
  readonly index: number;
  readonly before: number;
  after: number;
  /** How many words the thread had changed before. */
  readonly position: number;
}

/** What a thread changed since it was asked last. */
export interface TakenChanges {
  readonly changes: readonly WordChange[];
  /** Whether there were more words than are kept. */
  readonly isCut: boolean;
}

export interface ChangeNotesOptions {
  readonly memory: Memory;
  /** Which thread takes the current step. */
  readonly thread: () => number;
  /** Which words are noted. */
  readonly selects: (struct: string, field: string) => boolean;
  /** Whether what is written to an object stays: writes to memory that was taken away are lost. */
  readonly isThere: (struct: string, index: number) => boolean;
  /** Words that are kept of one thread. */
  readonly limit: number;
  /** Told of a thread that noted a word which another one is about to note: the order would be lost. */
  readonly interrupted?: (thread: number) => void;
}

interface Notes {
  readonly byField: Map<string, Map<number, WordChange>>;
  readonly inOrder: WordChange[];
  isCut: boolean;
}

/** Notes which words each thread changes, in the order in which it first touches them. */
export class ChangeNotes {
  private readonly options: ChangeNotesOptions;
  private readonly notes: (Notes | undefined)[] = [];

  constructor(options: ChangeNotesOptions) {
    const { memory, selects, isThere } = options;
    this.options = options;
    for (const { name: struct, fields, options: declared } of declaredStructs()) {
      for (const field of Object.keys(fields)) {
        const bound = memory.named(struct)[field];
        if (bound === undefined || declared.private === true || !selects(struct, field)) continue;
        const key = `${struct}.${field}`;
        memory.watch(bound, (index, before, after) => {
          if (isThere(struct, index)) this.written(key, { struct, field, index, before, after });
        });
      }
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.notes.length = 0;
  }

  /** How many words the thread has changed. */
  noted(thread: number): number {
    return this.notes[thread]?.inOrder.length ?? 0;
  }

  /** What the thread changed; words that are again what they were are left out. */
  take(thread: number): TakenChanges {
    const notes = this.notes[thread];
    this.notes[thread] = undefined;
    const changes = notes?.inOrder.filter(({ before, after }) => before !== after) ?? [];
    return { changes, isCut: notes?.isCut ?? false };
  }

  private written(field: string, change: Omit<WordChange, 'position'>): void {
    const thread = this.options.thread();
    this.tellInterrupted(thread, field, change.index);
    const notes: Notes = this.notes[thread] ?? { byField: new Map(), inOrder: [], isCut: false };
    this.notes[thread] = notes;
    const words = notes.byField.get(field) ?? new Map<number, WordChange>();
    notes.byField.set(field, words);
    const known = words.get(change.index);
    if (known !== undefined) {
      known.after = change.after;
    } else if (notes.inOrder.length < this.options.limit) {
      const noted = { ...change, position: notes.inOrder.length };
      words.set(change.index, noted);
      notes.inOrder.push(noted);
    } else {
      notes.isCut = true;
    }
  }

  private tellInterrupted(thread: number, field: string, index: number): void {
    const { interrupted } = this.options;
    if (interrupted === undefined) return;
    this.notes.forEach((notes, other) => {
      if (other !== thread && notes?.byField.get(field)?.has(index) === true) interrupted(other);
    });
  }
}
