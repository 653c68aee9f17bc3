import type { Pfn, VirtualAddress } from '../memory/addresses.ts';
import type { PageTableEntry } from '../pageTables/entry.ts';

/**
 * The address space that a process had when it was looked up. Look the process up again after it may have called
 * execve or ended: an address space that is gone reads as garbage.
 */
export interface InspectedProcess {
  readonly pid: number;
  /** The page-table entry of a user address; undefined when the tables cannot be read. */
  readonly entry: (address: VirtualAddress) => PageTableEntry | undefined;
  /** The frames that so many pages from an address on are mapped to; undefined for one that none is mapped to. */
  readonly frames: (address: VirtualAddress, pages: number) => (Pfn | undefined)[];
  /** File pages counted as resident (MM_FILEPAGES); undefined when this kernel counts in a way that is not known. */
  readonly filePages: () => number | undefined;
}
