import type { FolioFacts } from './folioFacts.ts';

/** What one pin adds to the refcount of a small folio (GUP_PIN_COUNTING_BIAS). */
const PIN_OF_SMALL_FOLIO = 1024;

/**
 * `reference-balance`, at a quiescent point: the counts of a folio are those that entries, gets and pins add up to.
 * A page without an owner has none. Says what is wrong, or null.
 */
export function referenceBalance(folio: FolioFacts): string | null {
  if (folio.owner < 0) return null;
  const large = folio.order > 0;
  const mappings = folio.entriesCount ? folio.entries : 0;
  const pinned = large ? folio.pins : folio.pins * PIN_OF_SMALL_FOLIO;
  const expected = folio.idle + mappings + folio.gets + pinned;
  if (folio.refcount !== expected) {
    const pins = large ? `pins ${folio.pins}` : `pins ${folio.pins} × ${PIN_OF_SMALL_FOLIO}`;
    return `refcount is ${folio.refcount}, but base ${folio.idle} + mappings ${mappings} + gets ${folio.gets} + ${pins} is ${expected}`;
  }
  if (folio.mapcount !== mappings) {
    return `mapcount is ${folio.mapcount}, but ${mappings} entries that count map it`;
  }
  if (folio.pincount !== (large ? folio.pins : 0)) {
    return `_pincount is ${folio.pincount}, but ${large ? folio.pins : 0} pins are held there`;
  }
  return null;
}
