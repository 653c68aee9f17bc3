import type { MappingId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of put_unlocked_entry: nobody is told. */
export function* put_unlocked_entry__silent(
  _mapping: MappingId,
  _index: number,
  _entry: number,
  _mode: number,
): Op {}
