import {
  DAX_EMPTY,
  DAX_ENTRY_UNIT,
  DAX_LOCKED,
  DAX_PMD,
  DAX_ZERO_PAGE,
  PAGECACHE_TAG_DIRTY,
  PAGECACHE_TAG_TOWRITE,
} from '../../../kernel/state/address_space.ts';
import { file } from '../../../kernel/state/mm.ts';
import type { Memory } from '../../../machine/memory.ts';
import { flagsText, inodeStateText } from './flagTexts.ts';
import { lastValues } from './lastValues.ts';
import type { Places } from './places.ts';
import { orNone, type StructNames } from './structNames.ts';

/** Flags of a DAX entry, as they read best. */
const DAX_FLAGS: readonly (readonly [flag: number, name: string])[] = [
  [DAX_PMD, 'huge'],
  [DAX_ZERO_PAGE, 'hole'],
  [DAX_EMPTY, 'empty'],
  [DAX_LOCKED, 'locked'],
];

const DAX_MARKS: readonly (readonly [mark: number, name: string])[] = [
  [PAGECACHE_TAG_DIRTY, 'dirty'],
  [PAGECACHE_TAG_TOWRITE, 'towrite'],
];

/** Files, what is open of them, and the DAX entries of their pages. */
export function fileNames(places: Places, memory: Memory): Record<string, StructNames> {
  const opened = lastValues(memory, memory.of(file).f_mapping);
  return {
    address_space: { word: (mapping, field) => `${places.mapping(mapping)}.${field}` },
    i_pages: {
      word: (slot, field) => (field === 'entry' ? places.entry(slot) : `${places.entry(slot)}.${field}`),
      value: (value, field) => {
        if (field === 'order') return value;
        return field === 'entry' ? daxEntryText(value, places) : flagsText(value, DAX_MARKS);
      },
    },
    inode: {
      word: (inode, field) => `${places.mapping(inode)}.${field === 'name' ? 'dentry' : field}`,
      value: (value, field) => {
        if (field === 'i_sb') return orNone(value, (device) => `${places.device(device - 1)}.super`);
        if (field === 'name') return orNone(value, (number) => places.nameOfFile(number));
        return field === 'i_state' ? inodeStateText(value) : value;
      },
    },
    file: {
      word: (open, field) => `${places.mapping(opened(open))}.file[${open}].${field}`,
      value: (value, field) => {
        if (field === 'f_mapping') return orNone(value, (mapping) => places.mapping(mapping));
        if (field === 'private_data') return orNone(value, (device) => places.device(device - 1));
        return value;
      },
    },
  };
}

/** A DAX entry by its page and flags. */
function daxEntryText(value: number, places: Places): string {
  if (value === 0) return 'none';
  const flags = DAX_FLAGS.filter(([flag]) => (value & flag) !== 0).map(([, name]) => name);
  const hasPages = (value & (DAX_ZERO_PAGE | DAX_EMPTY)) === 0;
  const page = hasPages ? [places.frame(Math.floor(value / DAX_ENTRY_UNIT))] : [];
  return [...page, ...flags].join(' ');
}
