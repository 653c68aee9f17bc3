import type { Brand } from '../../machine/brand.ts';
import { defineStruct, type Struct } from '../../machine/field.ts';

/** A register of a process: `process * REGISTERS_PER_PROCESS + slot`. */
export type RegisterSlot = Brand<'RegisterSlot'>;

/** More names than a file of 10,000 statements can set. */
export const REGISTERS_PER_PROCESS = 16384;

/** Nobody has set the register yet. */
export const REGISTER_UNSET = 0;
/** Holds a number, or the error that kept an object from being made. */
export const REGISTER_NUMBER = 1;
/** Holds an object: a mapping, a file, a holder of pages. */
export const REGISTER_OBJECT = 2;
/** Held an object that has been given back; its number stays. */
export const REGISTER_RELEASED = 3;
/** Held a descriptor that was closed. */
export const REGISTER_CLOSED = 5;
/** Came with fork from the parent, whose object it is: this process cannot give it back. */
export const REGISTER_INHERITED = 4;

type RegisterField = 'state' | 'value' | 'object' | 'address' | 'length' | 'synchronous' | 'inode' | 'name';

/** What a test's processes remember: the results of their operations. */
export const register: Struct<RegisterSlot, RegisterField> = defineStruct<RegisterSlot, RegisterField>(
  'register',
  { doc: 'one register of one process of the litmus test' },
  {
    state: { doc: 'REGISTER_ state' },
    value: { doc: 'what an expression reads: the result; 0 for a mapping or a file', wide: true },
    object: {
      doc: 'holder behind it; of a descriptor or file its number, plus 1; of a mapping its device, plus 1',
    },
    address: { doc: 'of a mapping: first byte', wide: true },
    length: { doc: 'of a mapping: bytes', wide: true },
    synchronous: { doc: 'of a mapping of a file: 1 if its stores are to survive a power loss (MAP_SYNC)' },
    inode: { doc: 'of a file, closed or not: its inode' },
    name: { doc: 'of a file: number of its name in the test, plus 1' },
  },
);

export function registerSlot(process: number, slot: number): RegisterSlot {
  return process * REGISTERS_PER_PROCESS + slot;
}
