import type { OperationRows } from './operation.ts';
import {
  byteValue,
  flag,
  length,
  mappable,
  mapping,
  namedNumber,
  number,
  offset,
  optionalNumber,
  optionalWord,
  wholeRange,
  word,
} from './parameters.ts';
import { ADVICE_WORDS, PROTECTION_WORDS } from './words.ts';

export type MappingOperationName =
  | 'mmap'
  | 'munmap'
  | 'load'
  | 'store'
  | 'mprotect'
  | 'mremap'
  | 'madvise'
  | 'mlock'
  | 'munlock'
  | 'mlockall'
  | 'munlockall'
  | 'msync';

/** Address space: what a process maps and touches. */
export const mappingOperations: OperationRows<MappingOperationName> = {
  mmap: {
    parameters: [
      mappable,
      optionalNumber('offset', 0, 'first byte in the device or file'),
      length,
      word('prot', PROTECTION_WORDS, 'protection'),
      optionalWord(
        'sharing',
        ['shared', 'private', 'shared_validate', 'untyped'],
        'MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE, or none of them',
      ),
      flag('populate', 'MAP_POPULATE: fault everything in at once'),
      flag('locked', 'MAP_LOCKED'),
      flag('fixed', 'MAP_FIXED: with `at`, replace what is mapped there'),
      flag('sync', 'MAP_SYNC, with MAP_SHARED_VALIDATE'),
      flag('noreserve', 'MAP_NORESERVE'),
      namedNumber('at', 'address, with MAP_FIXED_NOREPLACE unless `fixed` is given'),
      namedNumber('hint', 'address that the kernel may take or not'),
    ],
    result: 'mapping',
    doc: 'Maps a range of a device or file, as mmap(2) does.',
    returns: 'the mapping, or an errno',
  },
  munmap: {
    parameters: [mapping, ...wholeRange],
    result: 'number',
    doc: 'Unmaps the mapping or a range of it, as munmap(2) does.',
    returns: '0 or an errno',
  },
  load: {
    parameters: [mapping, offset],
    result: 'number',
    doc: 'The CPU reads one byte through the TLB and the page tables.',
    returns: 'the byte, or SIGBUS or SIGSEGV',
  },
  store: {
    parameters: [mapping, offset, byteValue],
    result: 'number',
    doc: 'The CPU writes one byte through the TLB and the page tables.',
    returns: '0, or SIGBUS or SIGSEGV',
  },
  mprotect: {
    parameters: [mapping, word('prot', PROTECTION_WORDS, 'new protection'), ...wholeRange],
    result: 'number',
    doc: 'Changes the protection, as mprotect(2) does.',
    returns: '0 or an errno',
  },
  mremap: {
    parameters: [
      mapping,
      number('length', 'new length in bytes'),
      namedNumber('to', 'new address (MREMAP_FIXED)'),
      namedNumber('offset', 'first byte of the part that is resized or moved; 0 when left out'),
      namedNumber('old_length', 'bytes of that part; the rest when left out'),
    ],
    result: 'number',
    doc: 'Resizes or moves the mapping (MREMAP_MAYMOVE); its register follows it.',
    returns: '0 or an errno',
  },
  madvise: {
    parameters: [mapping, word('advice', ADVICE_WORDS, 'advice, without MADV_'), ...wholeRange],
    result: 'number',
    doc: 'Gives advice about the mapping or a range of it, as madvise(2) does.',
    returns: '0 or an errno; SIGBUS after HWPOISON',
  },
  mlock: {
    parameters: [mapping, ...wholeRange],
    result: 'number',
    doc: 'Locks the mapping or a range of it, faulting its pages in.',
    returns: '0 or an errno',
  },
  munlock: {
    parameters: [mapping, ...wholeRange],
    result: 'number',
    doc: 'Unlocks the mapping or a range of it.',
    returns: '0 or an errno',
  },
  mlockall: {
    parameters: [flag('current', 'MCL_CURRENT'), flag('future', 'MCL_FUTURE')],
    result: 'number',
    doc: 'Locks what the process maps, now or from now on.',
    returns: '0 or an errno',
  },
  munlockall: {
    parameters: [],
    result: 'number',
    doc: 'Undoes mlock and mlockall for the whole process.',
    returns: '0 or an errno',
  },
  msync: {
    parameters: [mapping, ...wholeRange],
    result: 'number',
    doc: 'Writes the mapping or a range of it back (MS_SYNC).',
    returns: '0 or an errno',
  },
};
