import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { EINVAL } from '../../../src/kernel/common/include/errno.ts';
import {
  FALLOC_FL_COLLAPSE_RANGE,
  FALLOC_FL_INSERT_RANGE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  FALLOC_FL_ZERO_RANGE,
} from '../../../src/kernel/common/include/fcntl.ts';
import { readExtents } from '../../../src/kernel/state/extent_table.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

const PUNCH = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
const FILES = 2;
const PAGES = 3;
/** Bytes that are looked at in each page. */
const OFFSETS = [0, 1, 2048, PAGE - 1];
const PLACES = Array.from({ length: PAGES }, (_, page) =>
  OFFSETS.map((offset) => page * PAGE + offset),
).flat();

/** What POSIX says of a file: its bytes and its size. */
interface Expected {
  size: number;
  bytes: Map<number, number>;
}

function drop(file: Expected, from: number, to: number): void {
  for (const place of [...file.bytes.keys()]) if (place >= from && place < to) file.bytes.delete(place);
}

function shift(file: Expected, from: number, distance: number): void {
  const moved = [...file.bytes].map(([place, byte]): [number, number] => [
    place >= from ? place + distance : place,
    byte,
  ]);
  file.bytes = new Map(moved);
  file.size += distance;
}

const step = fc.record({
  kind: fc.constantFrom(
    'write',
    'store',
    'truncate',
    'punch',
    'zero',
    'allocate',
    'collapse',
    'insert',
    'clone',
    'fsync',
  ),
  file: fc.nat({ max: FILES - 1 }),
  place: fc.constantFrom(...PLACES),
  other: fc.constantFrom(...PLACES),
  byte: fc.integer({ min: 1, max: 255 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** write(2) to a shared block that is mapped takes the page from its file before it unmaps it: docs/findings.md. */
const KNOWN_WARNING = 'dax_folio_put: somebody holds a page of the folio';

/** Does the same to the files of a kernel and to what POSIX says of them. */
class Both {
  readonly kernel: FileKernel;
  readonly opened: number[];
  readonly expected: Expected[];
  readonly mm: number;
  readonly maps: number[];

  constructor(kernel: FileKernel) {
    this.kernel = kernel;
    this.opened = Array.from({ length: FILES }, (_, name) => kernel.create(name, name));
    this.expected = this.opened.map((_, name) => ({ size: name * PAGE, bytes: new Map() }));
    this.mm = kernel.process();
    this.maps = this.opened.map((filp) => kernel.map(this.mm, filp, PAGES));
  }

  do({ kind, file: number, place, other, byte }: Step): void {
    const file = this.expected[number] as Expected;
    const filp = this.opened[number] as number;
    const [from, to] = [Math.min(place, other), Math.max(place, other) + 1];
    const [first, behind] = [Math.floor(from / PAGE) * PAGE, Math.ceil(to / PAGE) * PAGE];
    const fallocate = (mode: number, start: number, end: number): number =>
      this.kernel.call('sys_fallocate', filp, mode, start, end - start);
    switch (kind) {
      case 'write':
        expect(this.kernel.call('sys_pwrite', filp, place, byte)).toBe(0);
        file.bytes.set(place, byte);
        file.size = Math.max(file.size, place + 1);
        return;
      case 'store':
        if (place >= file.size) return;
        expect(this.kernel.store(this.mm, (this.maps[number] as number) + place, byte)).toBe(0);
        file.bytes.set(place, byte);
        return;
      case 'truncate':
        expect(this.kernel.call('sys_ftruncate', filp, place)).toBe(0);
        drop(file, place, Number.POSITIVE_INFINITY);
        file.size = place;
        return;
      case 'punch':
        expect(fallocate(PUNCH, from, to)).toBe(0);
        drop(file, from, to);
        return;
      case 'zero':
        expect(fallocate(FALLOC_FL_ZERO_RANGE, from, to)).toBe(0);
        drop(file, from, to);
        file.size = Math.max(file.size, to);
        return;
      case 'allocate':
        expect(fallocate(0, from, to)).toBe(0);
        file.size = Math.max(file.size, to);
        return;
      case 'collapse':
        expect(fallocate(FALLOC_FL_COLLAPSE_RANGE, first, behind)).toBe(behind >= file.size ? -EINVAL : 0);
        if (behind >= file.size) return;
        drop(file, first, behind);
        shift(file, behind, first - behind);
        return;
      case 'insert':
        if (file.size > 2 * PAGES * PAGE) return;
        expect(fallocate(FALLOC_FL_INSERT_RANGE, first, behind)).toBe(first >= file.size ? -EINVAL : 0);
        if (first < file.size) shift(file, first, behind - first);
        return;
      case 'clone':
        this.clone(number);
        return;
      case 'fsync':
        expect(this.kernel.call('sys_fsync', filp)).toBe(0);
    }
  }

  private clone(source: number): void {
    const target = (source + 1) % FILES;
    const [from, to] = [this.expected[source] as Expected, this.expected[target] as Expected];
    const refused = from.size % PAGE !== 0 && from.size < to.size;
    const result = this.kernel.call(
      'sys_ficlone',
      this.opened[target] as number,
      this.opened[source] as number,
    );
    expect(result).toBe(refused ? -EINVAL : 0);
    if (refused) return;
    drop(to, 0, from.size);
    for (const [place, byte] of from.bytes) to.bytes.set(place, byte);
    to.size = Math.max(to.size, from.size);
  }

  compare(): void {
    this.expected.forEach((file, number) => {
      const filp = this.opened[number] as number;
      expect(this.kernel.size(filp)).toBe(file.size);
      for (const place of PLACES) {
        expect(this.kernel.call('sys_pread', filp, place)).toBe(file.bytes.get(place) ?? 0);
        const isThere = place < Math.ceil(file.size / PAGE) * PAGE;
        const mapped = this.kernel.load(this.mm, (this.maps[number] as number) + place);
        expect(mapped < 0).toBe(!isThere);
        if (place < file.size) expect(mapped).toBe(file.bytes.get(place) ?? 0);
      }
    });
    expect(this.kernel.warnings.filter((text) => text !== KNOWN_WARNING)).toEqual([]);
  }
}

/** Blocks that more than one page of files has. */
function sharedBlocks(kernel: FileKernel): number {
  const owners = new Map<number, number>();
  for (const { block, length } of readExtents(kernel.machine.memory)) {
    for (let page = block; page < block + length; page++) owners.set(page, (owners.get(page) ?? 0) + 1);
  }
  return [...owners.values()].filter((count) => count > 1).length;
}

describe.each(['devmap', 'refcount'] as const)('whatever is done to files, under %s', (scheme) => {
  describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
    test.prop([fc.array(step, { minLength: 8, maxLength: 20 })], { numRuns: 25 })(
      'read and mappings show the bytes that POSIX says',
      (steps) => {
        const both = new Both(new FileKernel(scheme, fileSystem, 128));
        for (const one of steps) {
          if (one.kind === 'clone' && fileSystem === 'ext4') continue;
          both.do(one);
          both.compare();
        }
        if (fileSystem === 'ext4') expect(sharedBlocks(both.kernel)).toBe(0);
      },
      60_000,
    );
  });
});
