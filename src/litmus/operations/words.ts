/** Protections of mmap and mprotect. */
export const PROTECTION_WORDS: readonly string[] = ['r', 'rw', 'w', 'rx', 'none'];

/** Advices of madvise(2), without MADV_. */
export const ADVICE_WORDS: readonly string[] = [
  'NORMAL',
  'RANDOM',
  'SEQUENTIAL',
  'WILLNEED',
  'DONTNEED',
  'DONTNEED_LOCKED',
  'FREE',
  'REMOVE',
  'DONTFORK',
  'DOFORK',
  'MERGEABLE',
  'UNMERGEABLE',
  'HUGEPAGE',
  'NOHUGEPAGE',
  'DONTDUMP',
  'DODUMP',
  'WIPEONFORK',
  'KEEPONFORK',
  'COLD',
  'PAGEOUT',
  'POPULATE_READ',
  'POPULATE_WRITE',
  'COLLAPSE',
  'HWPOISON',
  'SOFT_OFFLINE',
];

/** What fallocate(2) does with a range. */
export const FALLOCATE_WORDS: readonly string[] = ['punch', 'zero', 'collapse', 'insert', 'allocate'];
