import { PAGE_MAPPING_DAX_SHARED } from '../../../kernel/state/dax_folio.ts';
import { byteAt } from '../../../machine/primitives/bytes.ts';
import { pageFlagsText } from './flagTexts.ts';
import type { Places } from './places.ts';
import { orNone, type ReadableValue, type StructNames } from './structNames.ts';

/** Fields of struct page under the names that conditions use. */
const PAGE_FIELDS: Readonly<Record<string, string>> = {
  _refcount: 'refcount',
  _mapcount: 'mapcount',
  _large_mapcount: 'mapcount',
  _pincount: 'pincount',
};

/** What a huge entry adds to `_nr_pages_mapped` (mm/internal.h ENTIRELY_MAPPED): more than a folio has pages. */
const ENTIRELY_MAPPED = 0x800000;

/** Pages of memory, and what they hold. */
export function pageNames(places: Places): Record<string, StructNames> {
  const byte = (slot: number): string => {
    const offset = Math.floor(slot / byteAt(0, 1));
    return `${places.frame(slot - byteAt(0, offset))} byte ${offset}`;
  };
  return {
    page: {
      word: (pfn, field) => `${places.frame(pfn)}.${PAGE_FIELDS[field] ?? field}`,
      value: (value, field, pfn) => pageValue(value, field, pfn, places),
    },
    device_bytes: { word: byte },
    durable_bytes: { word: (slot) => `${byte(slot)} (medium)` },
    cached_page: {
      word: (pfn, field) => `${places.frame(pfn)}.${field === 'state' ? 'cpu_cache' : field}`,
      value: (value, field) => (field === 'state' ? cacheText(value) : value),
    },
  };
}

function pageValue(value: number, field: string, pfn: number, places: Places): ReadableValue {
  switch (field) {
    case 'flags':
      return pageFlagsText(value, pfn);
    case '_mapcount':
    case '_large_mapcount':
    case '_entire_mapcount':
      return value + 1;
    case '_nr_pages_mapped':
      return mappedText(value);
    case 'compound_head':
      return orNone(value, (head) => places.frame(head - 1));
    case 'mapping':
      return value === PAGE_MAPPING_DAX_SHARED ? 'shared' : orNone(value, (owner) => places.mapping(owner));
    case 'pgmap':
      return orNone(value, (device) => `${places.device(device - 1)}.pgmap`);
    default:
      return value;
  }
}

/** Pages mapped one by one, and how often the folio is mapped as a whole: the word counts both. */
function mappedText(value: number): ReadableValue {
  const pages = value % ENTIRELY_MAPPED;
  if (value < ENTIRELY_MAPPED) return pages;
  return pages === 0 ? 'entirely' : `entirely and ${pages}`;
}

/** Whether caches may hold what the medium lacks: the bits beside the first are the tools' own. */
function cacheText(state: number): string {
  return state % 2 === 0 ? 'clean' : 'dirty';
}
