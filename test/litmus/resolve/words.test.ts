import { describe, expect, it } from 'vitest';
import { errorsOf, testWith } from '../support/inspect.ts';

/** Errors of a body after a mapping `m`, without file name and line. */
function inBody(body: string): string[] {
  return errorsOf(testWith(`m = mmap(d, 0, 8K, rw)\n${body}`)).map((error) => error.replace(/^t:\d+:/, ''));
}

type Case = readonly [source: string, ...errors: string[]];

describe('words and flags', () => {
  it.each<Case>([
    ['pin(m, 0, 4K, read, write)', "21: 'read' and 'write' exclude each other (expected one of read, write)"],
    ['pin(m, 0, 4K, write, write)', "22: 'write' is given twice (remove one of them)"],
    ['pin(m, 0, 4K, longterm, longterm)', "25: 'longterm' is given twice (remove one of them)"],
    [
      'mmap(d, 0, 4K, rw, shared, private)',
      "28: 'shared' and 'private' exclude each other (expected one of shared, private, shared_validate, untyped)",
    ],
    ['mmap(d, 0, 4K, prot=r, w)', "24: 'r' and 'w' exclude each other (expected one of r, rw, w, rx, none)"],
    ['mmap(d, 0, 4K, r || w)', "16: several words for 'prot' (expected one of r, rw, w, rx, none)"],
    ['mmap(d, 0, 4K, prot=(r || w))', "21: several words for 'prot' (expected one of r, rw, w, rx, none)"],
    [
      'mmap(d, 0, 4K, rw, shared || populate)',
      '20: flags that an operator combines (separate them by commas)',
    ],
    [
      'pin(m, 0, 4K, 1)',
      "15: 'pin' takes a flag here (expected pin(mapping, offset, length, [read|write], [longterm]))",
    ],
  ])('%s', (body, ...errors) => {
    expect(inBody(body)).toEqual(errors);
  });
});

describe('words that are spelt as in the kernel', () => {
  it.each<Case>([
    ['mmap(d, 0, 4K, rw, MAP_PRIVATE)', "20: 'mmap' takes no 'MAP_PRIVATE' here (did you mean 'private'?)"],
    [
      'mmap(d, 0, 4K, rw, shared, MAP_POPULATE)',
      "28: 'mmap' takes no 'MAP_POPULATE' here (did you mean 'populate'?)",
    ],
    ['mmap(d, 0, 4K, PROT_READ)', "16: unknown word 'PROT_READ' for 'prot' (did you mean 'r'?)"],
    ['mprotect(m, prot=PROT_WRITE)', "18: unknown word 'PROT_WRITE' for 'prot' (did you mean 'w'?)"],
    ['mprotect(m, PROT_NONE)', "13: unknown word 'PROT_NONE' for 'prot' (did you mean 'none'?)"],
    ['madvise(m, MADV_DONTNEED)', "12: unknown word 'MADV_DONTNEED' for 'advice' (did you mean 'DONTNEED'?)"],
    ['madvise(m, MADV_DONTNEDE)', "12: unknown word 'MADV_DONTNEDE' for 'advice' (did you mean 'DONTNEED'?)"],
    ['pin(m, 0, 4K, FOLL_WRITE)', "15: 'pin' takes no 'FOLL_WRITE' here (did you mean 'write'?)"],
    [
      'pin(m, 0, 4K, write, FOLL_LONGTERM)',
      "22: 'pin' takes no 'FOLL_LONGTERM' here (did you mean 'longterm'?)",
    ],
    ['mlockall(MCL_CURRENT)', "10: 'mlockall' takes no 'MCL_CURRENT' here (did you mean 'current'?)"],
    [
      'fd_fallocate(d, FALLOC_FL_PUNCH_HOLE, 0, 4K)',
      "17: unknown word 'FALLOC_FL_PUNCH_HOLE' for 'mode' (did you mean 'punch'?)",
    ],
    ['open_device(d, O_WRONLY)', "16: 'open_device' takes no 'O_WRONLY' here (did you mean 'wronly'?)"],
  ])('%s', (body, ...errors) => {
    expect(inBody(body)).toEqual(errors);
  });

  it('are known for flags of files too', () => {
    const source = 'DAX t device d = fsdax(size=4M) process P { f = open(d, "a", O_CREAT) }';
    expect(errorsOf(source)).toEqual(["t:1:62: 'open' takes no 'O_CREAT' here (did you mean 'create'?)"]);
  });
});
