import { dax_is_locked } from '../../src/kernel/common/fs/dax/entries.ts';
import { wait_for_entry } from '../../src/kernel/common/fs/dax/entry_lock.ts';
import { dax_entry_next } from '../../src/kernel/common/fs/dax/layout.ts';
import type { MappingId } from '../../src/kernel/state/numbers.ts';
import { xas_load } from '../../src/kernel/state/xarray.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_entry_settled: the cursor moved on while it waited. */
export function* dax_entry_settled__goes_on(mapping: MappingId, index: number, found: number): Op<number> {
  let entry = found;
  let at = index;
  while (dax_is_locked(entry)) {
    yield* wait_for_entry(mapping, at, entry);
    at = dax_entry_next(entry, at);
    entry = yield* xas_load(mapping, at);
  }
  return entry;
}
