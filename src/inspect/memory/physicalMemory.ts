import type { PhysicalAddress } from './addresses.ts';

/** A part of the physical address space that has memory behind it. */
export interface PhysicalRange {
  readonly start: PhysicalAddress;
  /** Bytes. */
  readonly length: number;
}

/** The physical memory of a machine, seen from outside. */
export interface PhysicalMemory {
  /** What there is, in ascending order, without overlaps. */
  readonly ranges: readonly PhysicalRange[];
  /** Exactly `length` bytes from `address` on, or undefined when not all of them are there. */
  readonly read: (address: PhysicalAddress, length: number) => Uint8Array | undefined;
}

/** A virtual address space, seen from outside. */
export interface VirtualMemory {
  /** Exactly `length` bytes from `address` on, or undefined when not all of them are mapped and there. */
  readonly read: (address: bigint, length: number) => Uint8Array | undefined;
}
