import type { Scheme } from '../../litmus/index.ts';
import type { EntryFacts } from './mappedFreePage.ts';

/**
 * `entry-flags`: the bits of an entry that maps a device page agree with the scheme and with the mapping. Under
 * devmap the leaf carries the devmap bit (a PTE the special bit too), under refcount neither. Says what is wrong, or null.
 */
export function entryFlags(entry: EntryFacts, scheme: Scheme): string | null {
  if (scheme === 'devmap') {
    if (!entry.devmap) return 'its entry lacks the devmap bit: walkers would take it for ordinary memory';
    if (entry.special !== (entry.level === 1)) {
      return entry.special ? 'its huge entry is marked special' : 'its PTE is not marked special';
    }
  } else if (entry.devmap || entry.special) {
    return `its entry is marked ${entry.devmap ? 'devmap' : 'special'}: walkers would not count it`;
  }
  if (entry.writable && !entry.vmaWritable) return 'its entry is writable, the mapping is not';
  return null;
}
