import type { Field } from '../field.ts';
import { type Op, primitive } from '../primitive.ts';

/** Reads one word (READ_ONCE, or a plain load under a lock). */
export const load: <Index extends number, Value extends number>(
  field: Field<Index, Value>,
  index: Index,
) => Op<Value> = primitive((_machine, field, index) => field.get(index));

/** Writes one word (WRITE_ONCE, or a plain store under a lock). */
export const store: <Index extends number, Value extends number>(
  field: Field<Index, Value>,
  index: Index,
  value: Value,
) => Op = primitive((_machine, field, index, value) => field.set(index, value));

/** Swaps in `value` and returns what stood there. */
export const xchg: <Index extends number>(field: Field<Index>, index: Index, value: number) => Op<number> =
  primitive((_machine, field, index, value) => {
    const before = field.get(index);
    field.set(index, value);
    return before;
  });

/** Stores `value` if the word equals `expected`; returns what stood there. */
export const cmpxchg: <Index extends number>(
  field: Field<Index>,
  index: Index,
  expected: number,
  value: number,
) => Op<number> = primitive((_machine, field, index, expected, value) => {
  const before = field.get(index);
  if (before === expected) field.set(index, value);
  return before;
});

/** Adds without looking at the result (atomic_add, atomic_inc, atomic_dec). */
export const atomic_add: <Index extends number>(field: Field<Index>, index: Index, count: number) => Op =
  primitive((_machine, field, index, count) => field.set(index, field.get(index) + count));

/** Adds and returns the new value. */
export const atomic_add_return: <Index extends number>(
  field: Field<Index>,
  index: Index,
  count: number,
) => Op<number> = primitive((_machine, field, index, count) => {
  const after = field.get(index) + count;
  field.set(index, after);
  return after;
});

/** Adds unless the word is 0; returns 1 if it added. */
export const atomic_add_unless_zero: <Index extends number>(
  field: Field<Index>,
  index: Index,
  count: number,
) => Op<number> = primitive((_machine, field, index, count) => {
  const before = field.get(index);
  if (before === 0) return 0;
  field.set(index, before + count);
  return 1;
});

/** Subtracts; returns 1 if the result is 0. */
export const atomic_sub_and_test: <Index extends number>(
  field: Field<Index>,
  index: Index,
  count: number,
) => Op<number> = primitive((_machine, field, index, count) => {
  const after = field.get(index) - count;
  field.set(index, after);
  return after === 0 ? 1 : 0;
});

/** Sets flag bits (below bit 31) and leaves the others. */
export const atomic_or: <Index extends number>(field: Field<Index>, index: Index, bits: number) => Op =
  primitive((_machine, field, index, bits) => field.set(index, field.get(index) | bits));

/** Clears flag bits (below bit 31) and leaves the others. */
export const atomic_andnot: <Index extends number>(field: Field<Index>, index: Index, bits: number) => Op =
  primitive((_machine, field, index, bits) => field.set(index, field.get(index) & ~bits));
