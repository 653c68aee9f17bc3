import type { Field } from '../field.ts';
import { blocking, type Op, primitive } from '../primitive.ts';

/*
 * Lock words never name their owner: a spinlock is 0 or 1, a rwsem counts its readers or is `WRITER`.
 * Who owns a lock follows from where the threads stand; an owner in the word would tell identical threads apart.
 */
type LockOperation = <Index extends number>(field: Field<Index>, index: Index) => Op;
type TryLockOperation = <Index extends number>(field: Field<Index>, index: Index) => Op<number>;

/** Value of a rwsem that a writer holds. */
export const WRITER: number = -1;

/** Takes a spinlock or mutex; blocks while it is held. */
export const spin_lock: LockOperation = blocking((_machine, field, index) => {
  if (field.get(index) !== 0) return false;
  field.set(index, 1);
  return true;
});

/** Takes a spinlock or mutex if it is free; returns 1 if it took it. */
export const spin_trylock: TryLockOperation = primitive((_machine, field, index) => {
  if (field.get(index) !== 0) return 0;
  field.set(index, 1);
  return 1;
});

/** Releases a spinlock or mutex. */
export const spin_unlock: LockOperation = primitive((_machine, field, index) => field.set(index, 0));

/** Takes a rwsem for reading; blocks while a writer holds it. Waiting writers do not hold up readers. */
export const down_read: LockOperation = blocking((_machine, field, index) => {
  const readers = field.get(index);
  if (readers === WRITER) return false;
  field.set(index, readers + 1);
  return true;
});

/** Takes a rwsem for reading unless a writer holds it; returns 1 if it took it. */
export const down_read_trylock: TryLockOperation = primitive((_machine, field, index) => {
  const readers = field.get(index);
  if (readers === WRITER) return 0;
  field.set(index, readers + 1);
  return 1;
});

/** Releases a rwsem held for reading. */
export const up_read: LockOperation = primitive((_machine, field, index) =>
  field.set(index, field.get(index) - 1),
);

/** Takes a rwsem for writing; blocks while anyone holds it. */
export const down_write: LockOperation = blocking((_machine, field, index) => {
  if (field.get(index) !== 0) return false;
  field.set(index, WRITER);
  return true;
});

/** Releases a rwsem held for writing. */
export const up_write: LockOperation = primitive((_machine, field, index) => field.set(index, 0));

/** Turns a rwsem held for writing into one held for reading, with nobody in between. */
export const downgrade_write: LockOperation = primitive((_machine, field, index) => field.set(index, 1));
