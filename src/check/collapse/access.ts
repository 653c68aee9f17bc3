/**
 * What a step does to one shared word, as one number: the word times 8, plus the kind. Two accesses of a word by
 * different threads commute only if both are of kind `READ`, or both `ADD`.
 */
export type Access = number;

export type AccessKind = 0 | 1 | 2 | 3 | 4 | 5;

export const READ: AccessKind = 0;
/** Replaces the word, whether or not it was read before. */
export const WRITE: AccessKind = 1;
/** Adds to the word without looking at it. */
export const ADD: AccessKind = 2;
/** Takes the lock that the word is, alone. Waits while anybody has it. */
export const ACQUIRE: AccessKind = 3;
/** Takes the lock that the word is, together with others. Waits while somebody has it alone. */
export const ACQUIRE_SHARED: AccessKind = 4;
/** Gives the lock up, or lets others share it. */
export const RELEASE: AccessKind = 5;

const KINDS = 8;

export function accessOf(word: number, kind: AccessKind): Access {
  return word * KINDS + kind;
}

export function wordOf(access: Access): number {
  return Math.floor(access / KINDS);
}

export function kindOf(access: Access): AccessKind {
  return (access % KINDS) as AccessKind;
}

/** A lock that a thread holds while it steps, as one number: the lock's word times 2, plus 1 if it is shared. */
export type HeldLock = number;

export function heldLock(word: number, shared: boolean): HeldLock {
  return word * 2 + (shared ? 1 : 0);
}

export function lockWord(held: HeldLock): number {
  return Math.floor(held / 2);
}

export function isShared(held: HeldLock): boolean {
  return held % 2 === 1;
}
