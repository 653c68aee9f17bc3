import type { IPagesSlot } from '../../kernel/state/numbers.ts';
import {
  brokenAssociation,
  brokenEntry,
  brokenFolio,
  brokenLeaf,
  headsOf,
} from '../properties/fileViolations.ts';
import { leak } from '../properties/leak.ts';
import { mappingIndex } from '../properties/mappingIndex.ts';
import { referenceBalance } from '../properties/referenceBalance.ts';
import type { StateViolation } from '../properties/stateViolations.ts';
import type { FileReader } from './fileReader.ts';
import type { FolioReader } from './folioReader.ts';
import type { Judge } from './judge.ts';
import type { Layout, Unit } from './layout.ts';

export interface SettlingParts {
  readonly folios: FolioReader;
  readonly judge: Judge;
}

/** Judges folios while no thread is inside an operation. */
export function judgeSettled(units: Iterable<Unit>, { folios, judge }: SettlingParts): void {
  for (const unit of units) {
    const folio = folios.read(unit);
    const unbalanced = referenceBalance(folio);
    if (unbalanced !== null) judge.ofPage('reference-balance', folio.head, unbalanced);
    const misplaced = mappingIndex(folio);
    if (misplaced !== null) judge.ofPage('mapping-index', folio.head, misplaced);
  }
}

export interface FileSettlingParts extends SettlingParts {
  readonly layout: Layout;
  readonly reader: FileReader;
}

/** Judges DAX entries and what maps their pages, and whose folios are, while no thread is inside an operation. */
export function judgeFiles(
  slots: readonly IPagesSlot[],
  units: readonly Unit[],
  { folios, judge, layout, reader }: FileSettlingParts,
): void {
  const report = (violation: StateViolation | null): void => {
    if (violation === null) return;
    const { property, message, pfn } = violation;
    if (pfn === null) judge.ofMachine(property, message, []);
    else judge.ofPage(property, pfn, message);
  };
  for (const slot of slots) {
    report(brokenEntry(slot, reader));
    for (const leaf of reader.leavesAt(slot)) report(brokenLeaf(leaf, reader));
    report(brokenFolio(slot, reader, folios));
  }
  const frames = units.map((unit) => layout.frameOf(unit));
  const ofFiles = frames.filter((pfn) => layout.extentOf(pfn)?.kind === 'fsdax');
  for (const head of headsOf(ofFiles, folios)) report(brokenAssociation(head, reader));
}

/** Judges folios after the last process exited. */
export function judgeLeaks(units: Iterable<Unit>, { folios, judge }: SettlingParts): void {
  for (const unit of units) {
    const folio = folios.read(unit);
    const leaked = leak(folio);
    if (leaked !== null) judge.ofPage('leak', folio.head, leaked);
  }
}
