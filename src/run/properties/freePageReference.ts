import type { FolioFacts } from './folioFacts.ts';

/**
 * `free-page-reference`, at any time: nobody drops a reference that is not theirs, and nobody takes one on a page
 * without an owner. Says what is wrong, or null.
 */
export function freePageReference(folio: FolioFacts): string | null {
  if (folio.owner < 0) return folio.refcount > 0 ? 'a reference was taken on a page that has no owner' : null;
  return folio.refcount < folio.idle
    ? `refcount fell to ${folio.refcount}, below the base count ${folio.idle}`
    : null;
}

/** `free-page-reference`, as a reference is taken: the page belongs to somebody. Says what is wrong, or null. */
export function referenceTaken(folio: FolioFacts): string | null {
  return folio.free ? 'a reference was taken on it, and no file has it' : null;
}
