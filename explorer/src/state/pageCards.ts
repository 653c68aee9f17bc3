import { DAX_EMPTY, DAX_ENTRY_UNIT, DAX_ZERO_PAGE } from '../../../src/kernel/state/address_space.ts';
import { FIRST_INODE } from '../../../src/kernel/state/inode.ts';
import { page } from '../../../src/kernel/state/page.ts';
import type { Program } from '../../../src/litmus/index.ts';
import { takeCensus } from '../../../src/run/observe/census.ts';
import { frameOf } from '../../../src/run/observe/entry.ts';
import { FileMap } from '../../../src/run/observe/fileMap.ts';
import { FolioReader } from '../../../src/run/observe/folioReader.ts';
import { NOWHERE, type Unit } from '../../../src/run/observe/layout.ts';
import type { FolioFacts } from '../../../src/run/properties/folioFacts.ts';
import type { Replica } from '../recording/replica.ts';
import { type AddressSpace, addressName, addressSpaces, leavesOf } from './addresses.ts';
import { type Held, holdersOf } from './holders.ts';

/** What one pin adds to the refcount of a small folio (GUP_PIN_COUNTING_BIAS). */
const PIN_OF_SMALL_FOLIO = 1024;

/**
 * `base`: what an idle page has · `mapping`: an entry that maps it · `get`, `pin`: references of a holder · `flight`:
 * what a function that is under way has taken or given back before, or after, what it is for.
 */
export type TokenKind = 'base' | 'mapping' | 'get' | 'pin' | 'flight';

/** One reason for a refcount to be what it is. */
export interface ReferenceToken {
  readonly kind: TokenKind;
  readonly label: string;
  /** What it adds to the refcount. */
  readonly adds: number;
  /** Whether the scheme counts it; a devmap mapping is there, and counted nowhere. */
  readonly isCounted: boolean;
}

/** What there is to say of a folio. */
export interface PageCard {
  readonly unit: Unit;
  /** `d[0]` */
  readonly name: string;
  /** Whether a driver has it, so that it has a struct page. */
  readonly isOwned: boolean;
  readonly refcount: number;
  readonly mapcount: number;
  readonly pincount: number;
  readonly order: number;
  /** The pages of files that it is, or that no file has it; empty where its device has no files. */
  readonly owner: string;
  /** What its `mapping` names: a device, a file, or that several files share it; null for NULL. */
  readonly mapping: string | null;
  readonly index: number;
  readonly translations: number;
  readonly tokens: readonly ReferenceToken[];
}

interface Found {
  readonly files: FileMap;
  readonly mappings: ReadonlyMap<Unit, readonly string[]>;
  readonly holders: ReadonlyMap<Unit, readonly Held[]>;
}

/** The cards of some folios in the state of a replica. */
export function pageCards(replica: Replica, units: readonly Unit[]): PageCard[] {
  const { program, memory, layout, recording, knowledge } = replica;
  const isStale = (owner: number): boolean => knowledge.staleHolders.includes(owner);
  const census = takeCensus(memory, layout, (owner) => !isStale(owner));
  const files = new FileMap(memory, layout);
  const reader = new FolioReader(memory, layout, census, files, recording.scheme);
  const found: Found = {
    files,
    mappings: grouped(
      mappingsOf(replica),
      ({ unit }) => unit,
      ({ name }) => name,
    ),
    holders: grouped(
      holdersOf(program, memory, layout, isStale),
      ({ unit }) => unit,
      (held) => held,
    ),
  };
  return units.map((unit) => cardOf(replica, unit, reader.read(unit), found));
}

function cardOf({ layout, program }: Replica, unit: Unit, facts: FolioFacts, found: Found): PageCard {
  return {
    unit,
    name: layout.nameOf(facts.head),
    owner: found.files.describe(facts.head),
    isOwned: facts.owner >= 0,
    refcount: facts.refcount,
    mapcount: facts.owner < 0 ? 0 : facts.mapcount,
    pincount: facts.owner < 0 ? 0 : facts.pincount,
    order: facts.owner < 0 ? 0 : facts.order,
    mapping: facts.owner < 0 ? null : mappingName(program, found.files, facts.mapping),
    index: facts.owner < 0 ? 0 : facts.index,
    translations: facts.translations,
    tokens: tokensOf(unit, facts, found),
  };
}

function tokensOf(unit: Unit, facts: FolioFacts, { mappings, holders }: Found): ReferenceToken[] {
  const isOwned = facts.owner >= 0;
  const isCounted = isOwned && facts.entriesCount;
  const tokens: ReferenceToken[] = isOwned
    ? [{ kind: 'base', label: 'base', adds: facts.idle, isCounted: true }]
    : [];
  for (const label of mappings.get(unit) ?? []) {
    tokens.push({ kind: 'mapping', label, adds: isCounted ? 1 : 0, isCounted });
  }
  for (const { name, isPin, references } of holders.get(unit) ?? []) {
    const adds = isPin && facts.order === 0 ? references * PIN_OF_SMALL_FOLIO : references;
    tokens.push({ kind: isPin ? 'pin' : 'get', label: name, adds, isCounted: true });
  }
  const left = facts.refcount - tokens.reduce((sum, { adds }) => sum + adds, 0);
  if (isOwned && left !== 0) tokens.push({ kind: 'flight', label: 'in flight', adds: left, isCounted: true });
  return tokens;
}

function mappingsOf({ program, memory, layout }: Replica): { readonly unit: Unit; readonly name: string }[] {
  return addressSpaces(program, memory).flatMap((space: AddressSpace) =>
    leavesOf(memory, space).map(({ entry, address }) => ({
      unit: layout.unitOf(frameOf(entry)),
      name: `${space.name}.${addressName(program, memory, space.process, address)}`,
    })),
  );
}

/** The name of an address_space: of a device, or of a file. */
export function mappingName(program: Program, files: FileMap, mapping: number): string | null {
  if (mapping === 0) return null;
  if (mapping < 0) return 'shared by files';
  return mapping >= FIRST_INODE ? files.nameOf(mapping) : (program.devices[mapping - 1]?.name ?? 'a device');
}

function grouped<Item, Value>(
  items: readonly Item[],
  keyOf: (item: Item) => Unit,
  wanted: (item: Item) => Value,
): ReadonlyMap<Unit, Value[]> {
  const groups = new Map<Unit, Value[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [wanted(item)]);
    else group.push(wanted(item));
  }
  return groups;
}

/** All folios that an execution ever did something with, or to: written, mapped or held. */
export function unitsConcerned({ recording, layout }: Replica): Set<Unit> {
  const { fields, changes } = recording;
  const units = new Set<Unit>();
  for (let at = 0; at < changes.kinds.length; at++) {
    const { struct, field } = fields[changes.fields[at] ?? 0] ?? { struct: '', field: '' };
    const value = changes.after[at] ?? 0;
    if (changes.kinds[at] !== 0) continue;
    if (struct === 'page' && field in page) units.add(layout.unitOf(changes.indices[at] ?? 0));
    else if (struct === 'pte_table' || struct === 'tlb') units.add(layout.unitOf(frameOf(value)));
    else if ((struct === 'pmd_table' || struct === 'pud_table') && value !== 0)
      units.add(layout.unitOf(frameOf(value)));
    else if (struct === 'i_pages' && field === 'entry' && (value & (DAX_ZERO_PAGE | DAX_EMPTY)) === 0)
      units.add(layout.unitOf(Math.floor(value / DAX_ENTRY_UNIT)));
    else if (struct === 'holder_run' && field === 'first') units.add(layout.unitOf(value));
  }
  units.delete(NOWHERE);
  return units;
}
