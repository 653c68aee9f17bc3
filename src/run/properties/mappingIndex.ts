import type { FolioFacts } from './folioFacts.ts';

/**
 * `mapping-index`, at a quiescent point: a folio of device-DAX that entries map knows its address space and its place there.
 * Says what is wrong, or null.
 */
export function mappingIndex(folio: FolioFacts): string | null {
  if (folio.owner < 0 || folio.ofFiles || folio.entries === 0) return null;
  if (folio.mapping !== folio.owner + 1) {
    return folio.mapping === 0 ? 'it is mapped, but its mapping is NULL' : 'its mapping is another device';
  }
  if (folio.index !== folio.deviceIndex) {
    return `its index is ${folio.index}, but it is page ${folio.deviceIndex} of the device`;
  }
  return null;
}
