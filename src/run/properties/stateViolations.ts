import { dev_pagemap } from '../../kernel/state/dax.ts';
import { page } from '../../kernel/state/page.ts';
import type { PropertyName, Scheme } from '../../litmus/index.ts';
import type { Memory } from '../../machine/memory.ts';
import { type IsCurrent, takeCensus } from '../observe/census.ts';
import { FileMap } from '../observe/fileMap.ts';
import { FileReader } from '../observe/fileReader.ts';
import { FolioReader } from '../observe/folioReader.ts';
import type { Layout, Unit } from '../observe/layout.ts';
import { ENTRIES, GETS, PINS, TRANSLATIONS, type UnitWords } from '../observe/unitWords.ts';
import { VmaFinder } from '../observe/vmaFinder.ts';
import { entryViolations } from './entryViolations.ts';
import { fileViolations } from './fileViolations.ts';
import type { FolioFacts } from './folioFacts.ts';
import { freePageReference } from './freePageReference.ts';
import { leak, leakedFile } from './leak.ts';
import { mappedWithoutOwner } from './mappedFreePage.ts';
import { mappingIndex } from './mappingIndex.ts';
import { pgmapLeft } from './pgmapBalance.ts';
import { referenceBalance } from './referenceBalance.ts';
import { staleTlb } from './staleTlb.ts';

/** A property that a state of the machine breaks. */
export interface StateViolation {
  readonly property: PropertyName;
  readonly message: string;
  /** First frame of the folio concerned; null where there is none. */
  readonly pfn: number | null;
}

/**
 * `anytime`: threads may be inside of operations · `quiescent`: none is · `end`: every process has exited. Each moment
 * asks what those before it ask, and more.
 */
export type Moment = 'anytime' | 'quiescent' | 'end';

type FolioProperty = readonly [property: PropertyName, judge: (folio: FolioFacts) => string | null];

const ANYTIME: readonly FolioProperty[] = [
  ['mapped-free-page', mappedWithoutOwner],
  ['free-page-reference', freePageReference],
  ['stale-tlb', staleTlb],
];
const QUIESCENT: readonly FolioProperty[] = [
  ['reference-balance', referenceBalance],
  ['mapping-index', mappingIndex],
];
const END: readonly FolioProperty[] = [['leak', leak]];

const FOLIO_PROPERTIES: Readonly<Record<Moment, readonly FolioProperty[]>> = {
  anytime: ANYTIME,
  quiescent: [...ANYTIME, ...QUIESCENT],
  end: [...ANYTIME, ...QUIESCENT, ...END],
};

/**
 * What a state breaks, from its words alone, in the order of the folios, at most one violation a folio. Properties of
 * what happens between two states (a warning, an access to struct pages that are gone, a device's access) are not in it.
 */
export function stateViolations(
  memory: Memory,
  layout: Layout,
  scheme: Scheme,
  moment: Moment,
  isCurrent?: IsCurrent,
): StateViolation[] {
  const census = takeCensus(memory, layout, isCurrent);
  const files = new FileMap(memory, layout);
  const reader = new FolioReader(memory, layout, census, files, scheme);
  const found = [...touchedUnits(memory, layout, census)]
    .map((unit) => firstBroken(reader.read(unit), moment))
    .filter((violation) => violation !== null);
  if (moment === 'anytime') return ofFolios(found);
  const fileReader = new FileReader({ memory, layout, files, vmas: new VmaFinder(memory), scheme });
  return [
    ...ofFolios(found),
    ...entryViolations(memory, layout, files, scheme),
    ...fileViolations(memory, layout, fileReader, reader),
    ...pgmapViolations(memory, layout),
    ...(moment === 'end' ? files.unlinked().map((file) => leakOf(files.nameOf(file))) : []),
  ];
}

function leakOf(name: string): StateViolation {
  return { property: 'leak', message: leakedFile(name), pfn: null };
}

/** One violation a folio: the units of a file's folio are its pages. */
function ofFolios(found: readonly StateViolation[]): StateViolation[] {
  const seen = new Set<number>();
  return found.filter(({ pfn }) => pfn === null || (!seen.has(pfn) && seen.add(pfn)));
}

/** Units that somebody may have changed, in ascending order. */
function touchedUnits(memory: Memory, layout: Layout, census: UnitWords): Set<Unit> {
  const units: Unit[] = [];
  for (const { firstFrame, frames, firstUnit, endUnit } of layout.extents) {
    for (const pfn of memory.touchedIn(page, firstFrame, firstFrame + frames)) units.push(layout.unitOf(pfn));
    for (const word of [ENTRIES, TRANSLATIONS, GETS, PINS])
      units.push(...census.unitsWith(word, firstUnit, endUnit));
  }
  return new Set(units.sort((left, right) => left - right));
}

function firstBroken(folio: FolioFacts, moment: Moment): StateViolation | null {
  for (const [property, judge] of FOLIO_PROPERTIES[moment]) {
    const message = judge(folio);
    if (message !== null) return { property, message, pfn: folio.head };
  }
  return null;
}

function pgmapViolations(memory: Memory, layout: Layout): StateViolation[] {
  const { ref, dying, memmap, nr_pages, vmemmap_shift } = memory.of(dev_pagemap);
  return layout.extents.flatMap(({ device, name }): StateViolation[] => {
    const message = pgmapLeft({
      ref: ref.get(device),
      own: 1 + nr_pages.get(device) / 2 ** vmemmap_shift.get(device),
      dying: dying.get(device) !== 0,
      memmap: memmap.get(device) !== 0,
    });
    return message === null ? [] : [{ property: 'pgmap-balance', message: `${name}: ${message}`, pfn: null }];
  });
}
