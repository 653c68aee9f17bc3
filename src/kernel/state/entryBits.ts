/** Where each flag of a model entry stands in a real x86-64 entry (arch/x86/include/asm/pgtable_types.h). */
export interface EntryBit {
  /** Name as users see it in conditions and traces. */
  readonly name: string;
  /** The flag in the model's word. */
  readonly flag: number;
  /** Bit number in the 64-bit entry. */
  readonly bit: number;
}

export const entryBits: readonly EntryBit[] = [
  { name: 'present', flag: 1, bit: 0 },
  { name: 'rw', flag: 2, bit: 1 },
  { name: 'user', flag: 4, bit: 2 },
  { name: 'young', flag: 8, bit: 5 },
  { name: 'dirty', flag: 16, bit: 6 },
  { name: 'huge', flag: 32, bit: 7 },
  { name: 'protnone', flag: 64, bit: 8 },
  { name: 'special', flag: 128, bit: 9 },
  { name: 'soft_dirty', flag: 256, bit: 11 },
  { name: 'devmap', flag: 512, bit: 57 },
  { name: 'saved_dirty', flag: 1024, bit: 58 },
  { name: 'nx', flag: 2048, bit: 63 },
];

/** Model flags below this; the frame number stands above. */
export const ENTRY_UNIT = 4096;
