declare const brand: unique symbol;

/**
 * Byte address in the machine's physical memory. x86-64 has at most 52 physical address bits, so that every one of
 * them is exact as a number.
 */
export type PhysicalAddress = number & { readonly [brand]?: 'PhysicalAddress' };

/** Physical page frame number, in pages of 4 KiB. */
export type Pfn = number & { readonly [brand]?: 'Pfn' };

/** Byte address in a virtual address space: all 64 bits count. */
export type VirtualAddress = bigint & { readonly [brand]?: 'VirtualAddress' };

/** Bytes of a page, the smallest one. */
export const PAGE_SIZE = 4096;
