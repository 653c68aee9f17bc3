import type { MmId, TableId, Vaddr } from '../../kernel/state/numbers.ts';
import { PTRS_PER_TABLE } from '../../kernel/state/pgtable.ts';
import type { Memory } from '../../machine/memory.ts';
import { type Actor, NOBODY } from '../../run/observe/actor.ts';
import type { Layout, Unit } from '../../run/observe/layout.ts';
import type { PgmapKnowledge } from '../../run/observe/pgmapWatch.ts';
import { pagesOfEntry, TableMap } from '../../run/observe/tableMap.ts';
import { ENTRIES, JUDGED, TRANSLATIONS, UnitWords } from '../../run/observe/unitWords.ts';
import { watched_pgmap, watched_table, watched_unit } from './watchedWords.ts';

const FIELDS: Readonly<Record<number, 'entries' | 'translations' | 'judged'>> = {
  [ENTRIES]: 'entries',
  [TRANSLATIONS]: 'translations',
  [JUDGED]: 'judged',
};

/**
 * What a run knows of each folio, in words of the memory. What depends on the past of a state is left out: who
 * touched the folio last is found by running the counterexample. What holders hold is counted where it is asked for.
 */
export class UnitWordsInMemory extends UnitWords {
  private readonly memory: Memory;
  private readonly fields: typeof watched_unit;

  constructor(memory: Memory) {
    super();
    this.memory = memory;
    this.fields = memory.of(watched_unit);
  }

  override get(unit: Unit, word: number): number {
    const field = FIELDS[word];
    return field === undefined ? 0 : this.fields[field].get(unit);
  }

  override set(unit: Unit, word: number, value: number): void {
    const field = FIELDS[word];
    if (field !== undefined) this.fields[field].set(unit, value);
  }

  override add(unit: Unit, word: number, count: number): number {
    const value = this.get(unit, word) + count;
    this.set(unit, word, value);
    return value;
  }

  override *unitsWith(word: number, first: Unit, end: Unit): Generator<Unit> {
    for (const unit of this.memory.touchedIn(watched_unit, first, end)) {
      if (this.get(unit, word) !== 0) yield unit;
    }
  }
}

/** Where each page table hangs, in words of the memory. */
export class TableMapInMemory extends TableMap {
  private readonly fields: typeof watched_table;

  constructor(memory: Memory) {
    super();
    this.fields = memory.of(watched_table);
  }

  override setRoot(table: TableId, mm: MmId): void {
    this.fields.mm.set(table, mm);
    this.fields.base.set(table, 0);
  }

  override attach(slot: number, level: number, child: TableId): void {
    this.fields.mm.set(child, this.mmOf(slot));
    this.fields.base.set(child, this.addressOf(slot, level));
  }

  override mmOf(slot: number): MmId {
    return this.fields.mm.get(Math.floor(slot / PTRS_PER_TABLE));
  }

  override addressOf(slot: number, level: number): Vaddr {
    const base = this.fields.base.get(Math.floor(slot / PTRS_PER_TABLE));
    return base + (slot % PTRS_PER_TABLE) * pagesOfEntry(level);
  }
}

/** What the kernel does not write down of the pgmaps, in words of the memory; nothing of who did what when. */
export function pgmapKnowledge(memory: Memory, layout: Layout): PgmapKnowledge[] {
  const { own, established, killer, generation } = memory.of(watched_pgmap);
  return layout.extents.map(({ device }) => ({
    get own(): number {
      return own.get(device);
    },
    set own(value: number) {
      own.set(device, value);
    },
    get established(): boolean {
      return established.get(device) !== 0;
    },
    set established(value: boolean) {
      established.set(device, value ? 1 : 0);
    },
    get killer(): Actor {
      return killer.get(device);
    },
    set killer(value: Actor) {
      killer.set(device, value);
    },
    get generation(): number {
      return generation.get(device);
    },
    set generation(value: number) {
      generation.set(device, value);
    },
    get remover(): Actor {
      return NOBODY;
    },
    set remover(_value: Actor) {},
    get last(): Actor {
      return NOBODY;
    },
    set last(_value: Actor) {},
    get previous(): Actor {
      return NOBODY;
    },
    set previous(_value: Actor) {},
  }));
}
