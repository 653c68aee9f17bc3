import type { FolioFacts } from './folioFacts.ts';

/** `leak`, after every process has exited: a page of a bound device is idle. Says what is wrong, or null. */
export function leak(folio: FolioFacts): string | null {
  if (folio.owner < 0) return null;
  if (folio.refcount !== folio.idle) {
    return `refcount is ${folio.refcount} after the last exit, idle would be ${folio.idle}`;
  }
  if (folio.mapcount !== 0) return `mapcount is ${folio.mapcount} after the last exit`;
  if (folio.pincount !== 0) return `_pincount is ${folio.pincount} after the last exit`;
  if (folio.entries !== 0) return `${folio.entries} entries still map it after the last exit`;
  return null;
}

/** `leak` of a file, after every process has exited: without a name and without anybody who has it open, it is gone. Says what is wrong. */
export function leakedFile(name: string): string {
  return `${name} has lost its name, nobody has it open, and it still has its inode`;
}
