import { PAGE_MAPPING_DAX_SHARED } from '../../../kernel/state/dax_folio.ts';
import { OVERLAID_PGMAP } from '../../../kernel/state/page.ts';
import { byteAt } from '../../../machine/primitives/bytes.ts';
import { LINES_OF_A_WORD } from '../../../machine/primitives/cacheLines.ts';
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

/** Lines of a page that caches may hold and the medium lacks, in two words, and those that a system call has promised to it. */
const CACHED_FIELDS: Readonly<Record<string, string>> = {
  cached_low: 'cpu_cache_low',
  cached_high: 'cpu_cache_high',
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
      word: (pfn, field) => `${places.frame(pfn)}.${CACHED_FIELDS[field] ?? field}`,
      value: (value, field) => linesText(value, field.endsWith('_high') ? LINES_OF_A_WORD : 0),
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
      return value === OVERLAID_PGMAP
        ? 'its head'
        : orNone(value, (device) => `${places.device(device - 1)}.pgmap`);
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

/** The lines whose bits a word has, of which `first` is that of bit 0: `none`, `lines 0-2 5`. */
function linesText(bits: number, first: number): string {
  const runs: string[] = [];
  for (let line = 0; line < LINES_OF_A_WORD; line++) {
    if (!hasBit(bits, line)) continue;
    const start = line;
    while (hasBit(bits, line + 1)) line++;
    runs.push(start === line ? `${first + start}` : `${first + start}-${first + line}`);
  }
  if (runs.length === 0) return 'none';
  return `${runs.length === 1 && !runs[0]?.includes('-') ? 'line' : 'lines'} ${runs.join(' ')}`;
}

function hasBit(bits: number, bit: number): boolean {
  return Math.floor(bits / 2 ** bit) % 2 === 1;
}
