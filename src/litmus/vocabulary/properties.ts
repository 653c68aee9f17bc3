/** What every execution is checked for, besides the conditions that the test states itself. */
export type PropertyName =
  | 'free-page-reference'
  | 'mapped-free-page'
  | 'stale-tlb'
  | 'reference-balance'
  | 'pgmap-balance'
  | 'mapping-index'
  | 'leak'
  | 'memmap-after-teardown'
  | 'dma-to-reused'
  | 'lost-dirty'
  | 'entry-flags'
  | 'deadlock'
  | 'hang'
  | 'kernel-warning';

/** Every property with the sentence that says when it is broken. */
export const PROPERTIES: Readonly<Record<PropertyName, string>> = {
  'free-page-reference':
    'A reference goes below the base count, or somebody takes one on a page that belongs to nobody.',
  'mapped-free-page':
    'A page-table entry maps a page that belongs to nobody, or to another file or device than the mapping.',
  'stale-tlb': 'A TLB entry for a page is used, or still usable, after the page was given back.',
  'reference-balance':
    'With no thread inside an operation, a reference count is not base + mappings + gets + pins, or a map count is not the number of entries.',
  'pgmap-balance':
    'The references on a pgmap drop below those that are held, or some remain when nobody holds one.',
  'mapping-index':
    "A folio's mapping, index or share count, or a DAX entry, contradicts the page tables or the file.",
  leak: 'After the last process exited, a page is not idle or a pgmap reference is left.',
  'memmap-after-teardown': 'Memory of struct page is touched after its pgmap was torn down.',
  'dma-to-reused':
    'A device reads or writes, through a pin, a page that has meanwhile gone to another owner.',
  'lost-dirty': 'Data that a completed fsync promised is gone after a power loss.',
  'entry-flags':
    'The bits of an entry contradict its page: devmap, special, or writable where the mapping forbids it.',
  deadlock: 'All threads that remain wait for each other.',
  hang: 'A thread waits for something that nobody is left to do.',
  'kernel-warning': 'A WARN_ON or BUG_ON that stands at this place in the kernel would fire.',
};

/** Whether the word names a property. */
export function isPropertyName(word: string): word is PropertyName {
  return Object.hasOwn(PROPERTIES, word);
}
