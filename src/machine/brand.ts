declare const brand: unique symbol;

/** An integer below 2^53 that says what it counts, so that a frame number is never taken for an address. */
export type Brand<Name extends string> = number & { readonly [brand]?: Name };

/** Number of a simulated CPU; every thread runs on one of its own. */
export type Cpu = Brand<'Cpu'>;

/** Physical page frame number, in 4 KiB pages. */
export type Pfn = Brand<'Pfn'>;

/** Virtual address in pages of 4 KiB: byte addresses do not fit where JavaScript's bit operators cut. */
export type Vaddr = Brand<'Vaddr'>;

/** One page-table entry: `pfn * ENTRY_UNIT + flags`. */
export type Entry = Brand<'Entry'>;
