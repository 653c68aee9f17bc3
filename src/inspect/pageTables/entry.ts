import type { Pfn, VirtualAddress } from '../memory/addresses.ts';
import { type Level, offsetBits, targetOf, type WalkedEntry } from './walk.ts';

/** A page-table entry of x86-64, taken apart as Linux uses its bits. */
export interface PageTableEntry {
  /** Where the walk ended: an empty entry above `pte` means that there is no table below it. */
  readonly level: Level;
  /** All 64 bits. */
  readonly value: bigint;
  readonly present: boolean;
  /** Kept, but out of reach for the process: PROT_NONE, or a hint for NUMA balancing. */
  readonly protnone: boolean;
  /** Maps a page of 2 MiB or 1 GiB. */
  readonly huge: boolean;
  readonly rw: boolean;
  readonly user: boolean;
  readonly accessed: boolean;
  readonly dirty: boolean;
  /** _PAGE_SPECIAL: no struct page stands behind the entry, or none that is counted. */
  readonly special: boolean;
  readonly softDirty: boolean;
  /** _PAGE_DEVMAP, in kernels that have it. */
  readonly devmap: boolean;
  /** _PAGE_SAVED_DIRTY: dirty while write-protected, for shadow stacks. */
  readonly savedDirty: boolean;
  /** The 4 KiB frame of the address that was asked for, undefined when nothing is mapped. */
  readonly pfn: Pfn | undefined;
}

/**
 * Bits of an entry. They are the processor's, or fixed in the kernel's headers and in no debug information.
 *
 * Linux: arch/x86/include/asm/pgtable_types.h (6.16)
 */
const BIT = {
  present: 0n,
  rw: 1n,
  user: 2n,
  accessed: 5n,
  dirty: 6n,
  pageSizeExtension: 7n,
  /** Stands for PROTNONE where the entry is not present. */
  global: 8n,
  special: 9n,
  softDirty: 11n,
  devmap: 57n,
  savedDirty: 58n,
} as const;

/** Takes apart the entry that a walk to `address` ended at. */
export function decodeEntry({ level, value }: WalkedEntry, address: VirtualAddress): PageTableEntry {
  const has = (bit: bigint): boolean => ((value >> bit) & 1n) === 1n;
  const present = has(BIT.present);
  const protnone = !present && has(BIT.global);
  return {
    level,
    value,
    present,
    protnone,
    huge: (present || protnone) && level !== 'pte',
    rw: has(BIT.rw),
    user: has(BIT.user),
    accessed: has(BIT.accessed),
    dirty: has(BIT.dirty),
    special: has(BIT.special),
    softDirty: has(BIT.softDirty),
    devmap: has(BIT.devmap),
    savedDirty: has(BIT.savedDirty),
    pfn: present || protnone ? frameOf(level, present ? value : ~value, address) : undefined,
  };
}

/**
 * The frame behind an address. Entries that are not present hold the frame with all bits turned round, so that a
 * processor with L1TF cannot guess its way into it; the caller has turned them back.
 */
function frameOf(level: Level, value: bigint, address: VirtualAddress): Pfn {
  const offsetMask = (1n << BigInt(offsetBits(level))) - 1n;
  const base = BigInt(targetOf(value)) & ~offsetMask;
  return Number((base | (address & offsetMask)) >> 12n);
}
