import type { Scheme } from '../../litmus/index.ts';
import type { EntryFacts } from './mappedFreePage.ts';

/**
 * `entry-flags`: the bits of an entry agree with what it maps, with the scheme and with the mapping. Says what is wrong,
 * or null.
 */
export function entryFlags(entry: EntryFacts, scheme: Scheme): string | null {
  const wrong = wrongMarks(entry, scheme);
  if (wrong !== null) return wrong;
  if (!entry.writable) return null;
  if (!entry.vmaWritable) return 'its entry is writable, the mapping is not';
  if (entry.target === 'zeros') return 'its entry is writable, and it is the zeros of all holes';
  if (entry.target === 'device' && !entry.vmaShared) {
    return 'its entry is writable, and the mapping is private: what is written belongs into a copy';
  }
  return null;
}

function wrongMarks(entry: EntryFacts, scheme: Scheme): string | null {
  switch (entry.target) {
    case 'device':
      return scheme === 'devmap' ? wrongDevmapMarks(entry) : wrongOrdinaryMarks(entry, 'count it');
    case 'memory':
      return wrongOrdinaryMarks(entry, 'find it');
    case 'zeros':
      return wrongMarksOfZeros(entry, scheme);
  }
}

/** Under devmap the leaf carries the devmap bit, a PTE the special bit too. */
function wrongDevmapMarks({ devmap, special, level }: EntryFacts): string | null {
  if (!devmap) return 'its entry lacks the devmap bit: walkers would take it for ordinary memory';
  if (special === (level === 1)) return null;
  return special ? 'its huge entry is marked special' : 'its PTE is not marked special';
}

function wrongOrdinaryMarks({ devmap, special }: EntryFacts, what: string): string | null {
  if (!devmap && !special) return null;
  return `its entry is marked ${devmap ? 'devmap' : 'special'}: walkers would not ${what}`;
}

/** The entry of zeros is marked special, so that nobody counts it; under devmap, walkers know a huge one by its frame. */
function wrongMarksOfZeros({ devmap, special, level }: EntryFacts, scheme: Scheme): string | null {
  if (devmap) return 'its entry is marked devmap, and it is zeros';
  const isMarked = scheme === 'refcount' || level === 1;
  if (special === isMarked) return null;
  return isMarked
    ? 'its entry is not marked special, and it is zeros'
    : 'its huge entry of zeros is marked special';
}
