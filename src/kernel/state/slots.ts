import type { Brand } from '../../machine/brand.ts';
import { defineStruct, type Field, type Struct } from '../../machine/field.ts';

/** Kinds of objects that are handed out from a table of slots. */
export const SLOTS_VMA = 0;
export const SLOTS_TABLE = 1;
export const SLOTS_FILE = 2;
export const SLOTS_HOLDER = 3;
export const SLOTS_MM = 4;
export const SLOTS_INODE = 5;

type SlotKind = Brand<'SlotKind'>;

/** How far each table of slots is in use, so that a search knows where to stop. */
export const slots: Struct<SlotKind, 'highest'> = defineStruct<SlotKind, 'highest'>(
  'slots',
  { doc: 'the slab caches from which the kernel takes its objects', dense: true },
  { highest: { doc: 'highest slot in use; a function of the slots themselves' } },
);

/** Takes the lowest slot (from 1) whose `inUse` word is 0 and sets that word to `value`. */
export function takeSlot(highest: Field, kind: SlotKind, inUse: Field, value: number): number {
  const limit = highest.get(kind);
  let slot = 1;
  while (slot <= limit && inUse.get(slot) !== 0) slot++;
  if (slot > limit) highest.set(kind, slot);
  inUse.set(slot, value);
  return slot;
}

/** Gives a slot back. */
export function releaseSlot(highest: Field, kind: SlotKind, inUse: Field, slot: number): void {
  inUse.set(slot, 0);
  let limit = highest.get(kind);
  while (limit > 0 && inUse.get(limit) === 0) limit--;
  if (limit !== highest.get(kind)) highest.set(kind, limit);
}
