import type { Field } from '../field.ts';
import { blocking, type Op } from '../primitive.ts';

/** Blocks until the word is not 0 (wait_for_completion). */
export const wait_until_set: <Index extends number>(field: Field<Index>, index: Index) => Op = blocking(
  (_machine, field, index) => field.get(index) !== 0,
);
