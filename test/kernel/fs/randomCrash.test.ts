import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE } from '../../../src/kernel/common/include/fcntl.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

const PAGES = 3;
const PLACES = Array.from({ length: PAGES }, (_, page) =>
  [0, 7].map((offset) => page * PAGE + offset),
).flat();

/** What takes pages away forgets, from 6.15 on, that others are dirty: such tests declare it as a hazard. */
const KINDS = {
  devmap: ['write', 'store', 'store', 'fsync', 'truncate', 'punch'],
  refcount: ['write', 'store', 'store', 'fsync'],
} as const;

describe.each(['devmap', 'refcount'] as const)('a power loss at any time, under %s', (scheme) => {
  const step = fc.record({
    kind: fc.constantFrom(...KINDS[scheme]),
    place: fc.constantFrom(...PLACES),
    byte: fc.integer({ min: 1, max: 255 }),
  });

  describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
    test.prop([fc.array(step, { minLength: 4, maxLength: 16 })], { numRuns: 40 })(
      'leaves of each byte what it was at the last fsync, or something that it was since',
      (steps) => {
        const kernel = new FileKernel(scheme, fileSystem, 128);
        const filp = kernel.create(0, 1);
        const mm = kernel.process();
        const m = kernel.map(mm, filp, PAGES);
        const read = (open: number, place: number): number => kernel.call('sys_pread', open, place);
        let possible = new Map(PLACES.map((place) => [place, new Set([0])]));
        for (const { kind, place, byte } of steps) {
          if (kind === 'write') kernel.call('sys_pwrite', filp, place, byte);
          else if (kind === 'store') {
            // Behind the end of the file it goes unseen, until a power loss brings the file's length back.
            if (kernel.store(mm, m + place, byte) === 0) possible.get(place)?.add(byte);
          } else if (kind === 'truncate') kernel.call('sys_ftruncate', filp, place);
          else if (kind === 'punch') {
            const mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
            kernel.call('sys_fallocate', filp, mode, place - (place % PAGE), PAGE);
          } else {
            expect(kernel.call('sys_fsync', filp)).toBe(0);
            possible = new Map(PLACES.map((at) => [at, new Set<number>()]));
          }
          for (const at of PLACES) possible.get(at)?.add(read(filp, at));
        }
        expect(kernel.broken).toEqual([]);
        kernel.call('exit_mm', mm);
        kernel.call('fput', filp);
        kernel.losePower();
        const after = kernel.open(0);
        for (const at of PLACES) expect([...(possible.get(at) ?? [])]).toContain(read(after, at));
        expect(kernel.warnings).toEqual([]);
      },
      60_000,
    );
  });
});
