import { describe, expect, it } from 'vitest';
import { isOperationName, OPERATIONS } from '../../../src/litmus/index.ts';
import { counterpartFor, operationOtherwiseNamed } from '../../../src/litmus/operations/otherNames.ts';
import { errorsOf } from '../support/inspect.ts';

const onFiles = (body: string): string[] =>
  errorsOf(
    `DAX t\ndevice d = fsdax(size=4M)\nprocess P {\nf = open(d, "a", create)\nm = mmap(f, 0, 4K, rw)\n${body}\n}`,
  );

describe('an operation that is called otherwise', () => {
  it.each([
    ['punch_hole(f, 0, 4K)', 'punch'],
    ['pin_user_pages(m, 0, 4K)', 'pin'],
    ['unpin_user_pages(p)', 'unpin'],
    ['get_user_pages(m, 0, 4K)', 'get'],
    ['clone(f)', 'reflink'],
    ['FICLONE(f, g)', 'reflink'],
    ['sync(f)', 'fsync'],
    ['fsnyc(f)', 'fsync'],
    ['truncate(f, 0)', 'ftruncate'],
    ['process_vm_readv(P, m, 0)', 'peek'],
    ['delete(d, "a")', 'unlink'],
  ])('in %s is %s', (call, operation) => {
    const name = call.slice(0, call.indexOf('('));
    expect(onFiles(call)).toEqual([`t:6:1: unknown operation '${name}' (did you mean '${operation}'?)`]);
  });

  it('is none of the language, nor one of the words that every object has', () => {
    for (const { name } of OPERATIONS) expect(operationOtherwiseNamed(name)).toBeNull();
    expect(operationOtherwiseNamed('constructor')).toBeNull();
  });
});

describe('an operation on the wrong thing', () => {
  it.each([
    ['msync(f)', "'f' is a file, set at 4:1 (expected a mapping, from mmap; for a file there is fsync)"],
    [
      'fsync(m)',
      "'m' is a mapping, set at 5:1 (expected a file, from open with a name; for a mapping there is msync)",
    ],
    ['munmap(f)', "'f' is a file, set at 4:1 (expected a mapping, from mmap; for a file there is close)"],
    [
      'dma_write(m, 0, 1)',
      "'m' is a mapping, set at 5:1 (expected a pin, from pin; for a mapping there is store)",
    ],
    ['mlock(f)', "'f' is a file, set at 4:1 (expected a mapping, from mmap)"],
  ])('%s names the one that it takes', (call, error) => {
    expect(onFiles(call)).toEqual([`t:6:${call.indexOf('(') + 2}: ${error}`]);
  });

  it('has one at most, which is an operation', () => {
    expect(counterpartFor('put', 'pin')).toBe('unpin');
    expect(counterpartFor('unpin', 'get')).toBe('put');
    expect(counterpartFor('load', 'pipe')).toBeNull();
    expect(counterpartFor('frobnicate', 'file')).toBeNull();
    for (const { name } of OPERATIONS) {
      const other = counterpartFor(name, 'file');
      expect(other === null || isOperationName(other)).toBe(true);
    }
  });
});
