import { describe, expect, it } from 'vitest';
import { check } from '../../src/check/index.ts';
import type { Scheme } from '../../src/litmus/index.ts';
import { programOf } from '../run/support/execute.ts';
import { libraryTests } from './files.ts';

const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];

/** States that a search may take here. */
const BOUND = 10_000;

/** States that are looked at of a test that has more. */
const BEGINNING = 1_000;

/** Tests with more states than that under some scheme; `daxlab check litmus` goes through all of them. */
const LARGE: readonly string[] = [
  'devdax/concurrent/dontneed-fault-and-unbind-pmd.litmus',
  'devdax/concurrent/dontneed-fault-and-unbind.litmus',
  'devdax/concurrent/dontneed-of-parts-of-a-pmd.litmus',
  'devdax/concurrent/dontneed-of-parts-of-a-pud.litmus',
  'devdax/concurrent/exit-against-unbind.litmus',
  'devdax/concurrent/fault-against-another-process.litmus',
  'devdax/concurrent/fault-against-holds.litmus',
  'devdax/concurrent/fault-against-longterm-pin.litmus',
  'devdax/concurrent/fork-against-exit-pmd.litmus',
  'devdax/concurrent/fork-against-exit.litmus',
  'devdax/concurrent/fork-against-fault-pmd.litmus',
  'devdax/concurrent/fork-against-fault.litmus',
  'devdax/concurrent/fork-pin-and-dontneed-pmd.litmus',
  'devdax/concurrent/fork-pin-and-dontneed.litmus',
  'devdax/concurrent/mremap-against-fork-pmd.litmus',
  'devdax/concurrent/mremap-against-fork.litmus',
  'devdax/concurrent/munmap-pin-and-fault-pmd.litmus',
  'devdax/concurrent/munmap-pin-and-fault.litmus',
  'devdax/concurrent/split-against-fault.litmus',
  'devdax/concurrent/two-faults-pmd.litmus',
  'devdax/concurrent/two-faults-pud.litmus',
  'devdax/concurrent/two-faults.litmus',
  'devdax/concurrent/two-forks-pmd.litmus',
  'devdax/concurrent/two-forks.litmus',
  'devdax/concurrent/two-processes-fault.litmus',
  'devdax/concurrent/two-writes-fault.litmus',
  'devdax/exit/against-process-vm.litmus',
  'devdax/fork/two-children.litmus',
  'devdax/walkers/other-process-at-length.litmus',
  'fsdax/concurrent/both-sharers-store.litmus',
  'fsdax/concurrent/cow-against-holds.litmus',
  'fsdax/concurrent/exit-against-truncate.litmus',
  'fsdax/concurrent/fault-against-cow.litmus',
  'fsdax/concurrent/fault-against-fork.litmus',
  'fsdax/concurrent/fault-against-holds.litmus',
  'fsdax/concurrent/fault-of-a-sharer-against-cow.litmus',
  'fsdax/concurrent/fork-against-fault-pmd.litmus',
  'fsdax/concurrent/mremap-against-fork.litmus',
  'fsdax/concurrent/munmap-pin-and-truncate.litmus',
  'fsdax/concurrent/pmd-fault-against-pte-fault.litmus',
  'fsdax/concurrent/store-after-fork-against-dontneed.litmus',
  'fsdax/concurrent/sync-stores.litmus',
  'fsdax/concurrent/two-faults-of-a-hole-pmd.litmus',
  'fsdax/concurrent/two-faults-of-a-hole.litmus',
  'fsdax/concurrent/two-faults.litmus',
  'fsdax/concurrent/two-forks.litmus',
  'fsdax/concurrent/two-private-stores-untouched.litmus',
  'fsdax/concurrent/two-processes-fault.litmus',
  'fsdax/concurrent/two-sharers-fault-pmd.litmus',
  'fsdax/concurrent/two-sharers-fault.litmus',
  'fsdax/concurrent/two-stores-that-copy.litmus',
  'fsdax/concurrent/two-stores-to-a-hole.litmus',
  'fsdax/truncate/of-another-process.litmus',
];

const concurrent = libraryTests()
  .map(({ path, text }) => ({ path, program: programOf(text) }))
  .filter(({ program }) => program.threads.length > 1);

const small = concurrent.filter(({ path }) => !LARGE.includes(path));
const large = concurrent.filter(({ path }) => LARGE.includes(path));

describe.each(SCHEMES)('under %s', (scheme) => {
  it.each(small)('every interleaving of $path is ok', ({ program }) => {
    const { verdict, violations, conditions } = check(program, scheme, { maximumStates: BOUND });
    const unmet = conditions.filter(({ holds }) => !holds);
    expect(verdict, JSON.stringify({ violations, unmet })).toBe('ok');
  });

  it.each(large)(
    `the first ${BEGINNING} states of $path are ok, which is large: all of them belong to the benchmarks`,
    ({ program }) => {
      const { violations, stats } = check(program, scheme, { maximumStates: BEGINNING });
      expect(stats.complete).toBe(false);
      expect(violations.filter(({ property }) => !isHazard(property, program.hazards))).toEqual([]);
    },
  );
});

it('only tests of the library are left to the benchmarks', () => {
  expect(large.map(({ path }) => path)).toEqual(LARGE);
});

function isHazard(property: string, hazards: readonly { readonly property: string }[]): boolean {
  return hazards.some((hazard) => hazard.property === property);
}
