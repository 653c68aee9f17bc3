import { type Frame, type FrameInstance, type FrameProgram, PC } from '../../compile/frames/program.ts';
import type { Machine } from '../../machine/machine.ts';
import { ADD, type HeldLock, lockWord } from '../collapse/access.ts';
import { UNTOUCHED } from '../words/wordTree.ts';
import { followLock } from './heldLocks.ts';
import { SharedField, type SharedMemory } from './sharedMemory.ts';

/** Primitives that only add to the word that their first two arguments name, if nobody reads the result. */
const ADDITIONS: ReadonlySet<string> = new Set(['atomic_add', 'atomic_add_return', 'atomic_sub_and_test']);

/** A compiled operation, bound to the machine. */
export interface BoundProgram {
  readonly program: FrameProgram;
  readonly instance: FrameInstance;
}

export function bindProgram(program: FrameProgram, machine: Machine): BoundProgram {
  return { program, instance: program.instantiate(machine) };
}

/**
 * Executes the primitive at a frame's program counter and the local code behind it, with a record of what it
 * touches. `held` follows what it does to locks. Answers false if it has to wait.
 */
export function stepFrame(
  { program, instance }: BoundProgram,
  frame: Frame,
  held: HeldLock[],
  memory: SharedMemory,
): boolean {
  const point = program.points[frame[PC] ?? 0];
  if (point === undefined) throw new Error(`${program.entry}: a frame that is done cannot step`);
  const isAddition = ADDITIONS.has(point.primitive) && !point.resultUsed;
  const word = point.lock !== undefined || isAddition ? wordNamed(instance.pending(frame)) : undefined;
  const stepped = instance.step(frame);
  if (word === undefined) forgetLostLocks(held, memory);
  else if (point.lock !== undefined) followLock(point.lock, word.number, stepped, held, memory.recorder);
  // Whoever watches a field reads it: the additions are not blind then.
  else if (!word.isWatched) memory.recorder.replace(word.number, ADD);
  return stepped;
}

/** A lock that is freed with the object that it is part of is held no longer: its word says that nobody has it. */
function forgetLostLocks(held: HeldLock[], { words }: SharedMemory): void {
  for (const lock of [...held]) {
    if (words.get(lockWord(lock)) === UNTOUCHED) held.splice(held.indexOf(lock), 1);
  }
}

/** Whether the primitive at a frame's program counter may have to wait. */
export function mayWait({ program }: BoundProgram, frame: Frame): boolean {
  return program.points[frame[PC] ?? 0]?.kind === 'waiting';
}

/** The word that a primitive's field and first integer name. */
function wordNamed(
  args: readonly unknown[],
): { readonly number: number; readonly isWatched: boolean } | undefined {
  const [field, index] = args;
  if (!(field instanceof SharedField) || typeof index !== 'number') return undefined;
  return { number: field.wordOf(index), isWatched: field.watchers.length > 0 };
}
