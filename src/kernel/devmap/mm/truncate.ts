import type { Op } from '../../../machine/primitive.ts';

/**
 * What truncate thinks of entries that it still finds: that is how it is.
 * Linux: mm/truncate.c truncate_folio_batch_exceptionals (6.12), which has no warning.
 */
export function* warn_of_entries_left(): Op {}
