import { HOLDER_GET, HOLDER_PIPE, HOLDER_RUNS, holder, holder_run } from '../../kernel/state/holder.ts';
import type { HolderId } from '../../kernel/state/numbers.ts';
import {
  PTRS_PER_TABLE,
  pgd_table,
  pmd_table,
  ptdesc,
  pte_table,
  pud_table,
} from '../../kernel/state/pgtable.ts';
import { SLOTS_HOLDER, SLOTS_TABLE, slots } from '../../kernel/state/slots.ts';
import { tlb } from '../../machine/cpus.ts';
import type { Memory } from '../../machine/memory.ts';
import { frameOf, isLeaf } from './entry.ts';
import { type Layout, NOWHERE, type Unit } from './layout.ts';
import { ENTRIES, GETS, PINS, TRANSLATIONS, UnitWords } from './unitWords.ts';

const TABLES = [pte_table, pmd_table, pud_table, pgd_table];

/** Whether the references of a holder are on the struct pages of now, not on some that were torn down since. */
export type IsCurrent = (owner: HolderId) => boolean;

/**
 * Counts what is really there in a state of the machine, from its words alone: entries, translations, gets and pins of
 * every unit. A run keeps these counts as it goes; who looks at a state for the first time takes a census. The words
 * do not tell which struct pages a holder took its references on: `isCurrent` does, where a driver may go and come.
 */
export function takeCensus(memory: Memory, layout: Layout, isCurrent: IsCurrent = () => true): UnitWords {
  const words = new UnitWords();
  countEntries(memory, layout, words);
  countTranslations(memory, layout, words);
  countHolders(memory, layout, words, isCurrent);
  return words;
}

function countEntries(memory: Memory, layout: Layout, words: UnitWords): void {
  const limit = memory.of(slots).highest.get(SLOTS_TABLE);
  const levels = memory.of(ptdesc).level;
  for (let table = 1; table <= limit; table++) {
    const level = levels.get(table);
    const struct = TABLES[level - 1];
    if (struct === undefined) continue;
    const { entry } = memory.of(struct as typeof pte_table);
    const first = table * PTRS_PER_TABLE;
    for (const slot of memory.touchedIn(struct, first, first + PTRS_PER_TABLE)) {
      const value = entry.get(slot);
      if (isLeaf(value, level)) add(words, layout.unitOf(frameOf(value)), ENTRIES, 1);
    }
  }
}

function countTranslations(memory: Memory, layout: Layout, words: UnitWords): void {
  const { entry } = memory.of(tlb);
  for (const slot of memory.touchedIn(tlb, 0, Number.MAX_SAFE_INTEGER)) {
    const value = entry.get(slot);
    if (value !== 0) add(words, layout.unitOf(frameOf(value)), TRANSLATIONS, 1);
  }
}

function countHolders(memory: Memory, layout: Layout, words: UnitWords, isCurrent: IsCurrent): void {
  const { kind, runs, per_folio } = memory.of(holder);
  const { first, count } = memory.of(holder_run);
  const limit = memory.of(slots).highest.get(SLOTS_HOLDER);
  for (let owner = 1; owner <= limit; owner++) {
    if (kind.get(owner) === 0 || !isCurrent(owner)) continue;
    const word = referenceWord(kind.get(owner));
    for (let run = owner * HOLDER_RUNS; run < owner * HOLDER_RUNS + runs.get(owner); run++) {
      const isPerFolio = per_folio.get(owner) !== 0;
      for (const [unit, pages] of unitsOfRun(layout, first.get(run), count.get(run))) {
        add(words, unit, word, isPerFolio ? 1 : pages);
      }
    }
  }
}

/** The word that the references of a holder count in: those of FOLL_GET, or those of FOLL_PIN. */
export function referenceWord(kind: number): typeof GETS | typeof PINS {
  return kind === HOLDER_GET || kind === HOLDER_PIPE ? GETS : PINS;
}

/** The units that a run of neighbouring frames touches, with how many frames of each. */
export function* unitsOfRun(
  layout: Layout,
  first: number,
  count: number,
): Generator<readonly [unit: Unit, frames: number]> {
  for (let pfn = first; pfn < first + count; ) {
    const unit = layout.unitOf(pfn);
    const unitEnd = unit === NOWHERE ? pfn + 1 : layout.frameOf(unit) + layout.framesOf(unit);
    const end = Math.min(unitEnd, first + count);
    yield [unit, end - pfn];
    pfn = end;
  }
}

function add(words: UnitWords, unit: Unit, word: number, count: number): void {
  if (unit !== NOWHERE) words.add(unit, word, count);
}
