import { FILE_PAGES, i_pages } from '../../kernel/state/address_space.ts';
import { FIRST_INODE, INODE_LIMIT } from '../../kernel/state/inode.ts';
import type { IPagesSlot, Pfn } from '../../kernel/state/numbers.ts';
import { page } from '../../kernel/state/page.ts';
import type { Memory } from '../../machine/memory.ts';
import type { FileReader } from '../observe/fileReader.ts';
import type { FolioReader } from '../observe/folioReader.ts';
import type { Layout } from '../observe/layout.ts';
import { leavesOf, type PlacedLeaf } from '../observe/leaves.ts';
import { association, daxEntry, mappedPage } from './daxEntry.ts';
import type { StateViolation } from './stateViolations.ts';

/** What the DAX entries of all files break at a quiescent point. */
export function fileViolations(
  memory: Memory,
  layout: Layout,
  reader: FileReader,
  folios: FolioReader,
): StateViolation[] {
  if (!layout.hasFiles) return [];
  const first = FIRST_INODE * FILE_PAGES;
  const slots = memory.touchedIn(i_pages, first, first + INODE_LIMIT * FILE_PAGES);
  const touched = layout.extents
    .filter(({ kind }) => kind === 'fsdax')
    .flatMap(({ firstFrame, frames }) => memory.touchedIn(page, firstFrame, firstFrame + frames));
  return [
    ...slots.map((slot) => brokenEntry(slot, reader)),
    ...[...leavesOf(memory)].map((leaf) => brokenLeaf(leaf, reader)),
    ...headsOf(touched, folios).map((head) => brokenAssociation(head, reader)),
    ...slots.map((slot) => brokenFolio(slot, reader, folios)),
  ].filter((violation) => violation !== null);
}

/** The folios that frames belong to, each once. */
export function headsOf(frames: readonly Pfn[], folios: FolioReader): Pfn[] {
  return [...new Set(frames.filter((pfn) => folios.hasMemmap(pfn)).map((pfn) => folios.headOf(pfn)))];
}

/** What the DAX entry at a slot breaks. */
export function brokenEntry(slot: IPagesSlot, reader: FileReader): StateViolation | null {
  const facts = reader.entryAt(slot);
  return violationOf(facts === null ? null : daxEntry(facts), reader.frameAt(slot));
}

/** What an entry of a page table breaks that maps a page of a file. */
export function brokenLeaf(leaf: PlacedLeaf, reader: FileReader): StateViolation | null {
  const facts = reader.mappedPage(leaf);
  return violationOf(facts === null ? null : mappedPage(facts), leaf.pfn);
}

/** What the first folio breaks that breaks something among those that the DAX entry at a slot stands for. */
export function brokenFolio(
  slot: IPagesSlot,
  reader: FileReader,
  folios: FolioReader,
): StateViolation | null {
  for (const head of headsOf(reader.framesAt(slot), folios)) {
    const violation = brokenAssociation(head, reader);
    if (violation !== null) return violation;
  }
  return null;
}

/** What the folio that begins at a frame breaks, which has a struct page. */
export function brokenAssociation(head: Pfn, reader: FileReader): StateViolation | null {
  return violationOf(association(reader.associationOf(head)), head);
}

function violationOf(message: string | null, pfn: Pfn | null): StateViolation | null {
  return message === null ? null : { property: 'mapping-index', message, pfn };
}
