import type { ExtentRecord, ExtentStruct } from '../../kernel/state/extent_table.ts';
import type { Memory } from '../../machine/memory.ts';
import { type BlockChange, blockChanges } from './blockChanges.ts';

export interface BlockNotesOptions {
  readonly memory: Memory;
  /** The extents of the files, or those that a power loss would leave. */
  readonly table: ExtentStruct;
  /** Which thread takes the current step. */
  readonly thread: () => number;
  /** Told of a thread that noted changes, before another one notes its own: the order would be lost. */
  readonly interrupted?: (thread: number) => void;
  /** Told of a thread that begins to write to the table, of which nothing was noted yet or others have noted theirs since. */
  readonly begins?: (thread: number) => void;
}

const NOBODY = -1;

/** Notes which blocks of files each thread changes. */
export class BlockNotes {
  private readonly options: BlockNotesOptions;
  /** The table as it was when changes were noted last. */
  private known: readonly ExtentRecord[] = [];
  /** The table as it is, by slot. */
  private readonly slots: { -readonly [Key in keyof ExtentRecord]: number }[] = [];
  /** Who has written to the table since. */
  private writer = NOBODY;
  private readonly notes: (readonly BlockChange[] | undefined)[] = [];

  constructor(options: BlockNotesOptions) {
    const { memory, table } = options;
    this.options = options;
    const fields = memory.of(table);
    for (const name of ['inode', 'file_block', 'length', 'block', 'flags'] as const) {
      memory.watch(fields[name], (slot, _before, after) => this.written(slot, name, after));
    }
  }

  /** Forgets everything but how things stand. */
  clear(): void {
    this.note();
    this.notes.length = 0;
  }

  /** What the thread changed. */
  take(thread: number): readonly BlockChange[] {
    this.note();
    const changes = this.notes[thread] ?? [];
    this.notes[thread] = undefined;
    return changes;
  }

  private written(slot: number, name: keyof ExtentRecord, value: number): void {
    const thread = this.options.thread();
    if (this.writer !== thread) {
      const { interrupted, begins } = this.options;
      this.note();
      this.notes.forEach((changes, other) => {
        if (other !== thread && changes !== undefined) interrupted?.(other);
      });
      begins?.(thread);
      this.writer = thread;
    }
    this.slots[slot] ??= { inode: 0, file_block: 0, length: 0, block: 0, flags: 0 };
    this.slots[slot][name] = value;
  }

  /** What was written since the last time is somebody's doing. */
  private note(): void {
    const { writer } = this;
    if (writer === NOBODY) return;
    this.writer = NOBODY;
    const now = this.records();
    const changes = blockChanges(this.known, now);
    this.known = now;
    if (changes.length > 0) this.notes[writer] = [...(this.notes[writer] ?? []), ...changes];
  }

  private records(): readonly ExtentRecord[] {
    const records: ExtentRecord[] = [];
    for (let slot = 1; this.slots[slot] !== undefined && this.slots[slot]?.inode !== 0; slot++) {
      records.push({ ...(this.slots[slot] as ExtentRecord) });
    }
    return records;
  }
}
