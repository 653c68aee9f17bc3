import { blocking, type Op, primitive } from '../../machine/primitive.ts';
import { PG_locked } from './memmap.ts';
import type { Pfn } from './numbers.ts';
import { page } from './page.ts';

/** Takes the lock of a folio, a bit among its flags; blocks while it is held (folio_lock, include/linux/pagemap.h). */
export const folio_lock: (folio: Pfn) => Op = blocking((machine, folio) => {
  const { flags } = machine.memory.of(page);
  const before = flags.get(folio);
  if ((before & PG_locked) !== 0) return false;
  flags.set(folio, before | PG_locked);
  return true;
});

/** Releases the lock of a folio (folio_unlock, mm/filemap.c). */
export const folio_unlock: (folio: Pfn) => Op = primitive((machine, folio) => {
  const { flags } = machine.memory.of(page);
  flags.set(folio, flags.get(folio) & ~PG_locked);
});
