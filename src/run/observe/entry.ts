import { ENTRY_UNIT, entryBits } from '../../kernel/state/entryBits.ts';
import type { Entry, Pfn, TableId } from '../../kernel/state/numbers.ts';

/** Names of the flags of an entry, as users see them. */
export type EntryFlag =
  | 'present'
  | 'rw'
  | 'user'
  | 'young'
  | 'dirty'
  | 'huge'
  | 'protnone'
  | 'special'
  | 'soft_dirty'
  | 'devmap'
  | 'saved_dirty'
  | 'nx';

const flags = Object.fromEntries(entryBits.map(({ name, flag }) => [name, flag])) as Record<
  EntryFlag,
  number
>;

const { present, protnone, huge } = flags;

export function hasFlag(entry: Entry, flag: EntryFlag): boolean {
  return (entry & flags[flag]) !== 0;
}

/** Frame that a leaf maps. */
export function frameOf(entry: Entry): Pfn {
  return Math.floor(entry / ENTRY_UNIT);
}

/** Table that an entry points to which is no leaf. */
export function tableOf(entry: Entry): TableId {
  return Math.floor(entry / ENTRY_UNIT);
}

/**
 * Whether an entry of a table of `level` (1 = PTE) maps memory, rather than pointing to a table or being empty. A huge
 * entry does so even while its present bit is taken away for a moment.
 */
export function isLeaf(entry: Entry, level: number): boolean {
  return (entry & (level === 1 ? present | protnone : huge)) !== 0;
}

/** Flags that stand in an entry, by name, in the order of their bits. */
export function flagNames(entry: Entry): string[] {
  return entryBits.filter(({ flag }) => (entry & flag) !== 0).map(({ name }) => name);
}
