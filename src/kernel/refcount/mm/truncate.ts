import type { Op } from '../../../machine/primitive.ts';
import { WARN_ON_ONCE } from '../../../machine/primitives/own.ts';

/**
 * What truncate thinks of entries that it still finds: the file system should have broken the layout.
 * Linux: mm/truncate.c truncate_folio_batch_exceptionals (7.2), its warning.
 */
export function* warn_of_entries_left(): Op {
  WARN_ON_ONCE(1, 'truncate_folio_batch_exceptionals: an entry is left');
}
