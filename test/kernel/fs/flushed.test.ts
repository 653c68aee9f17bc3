import { describe, expect, it } from 'vitest';
import { IOMAP_WRITE } from '../../../src/kernel/common/include/iomap.ts';
import { MAP_SHARED_VALIDATE, MAP_SYNC } from '../../../src/kernel/common/include/mman.ts';
import { EXTENT_COW } from '../../../src/kernel/state/extent.ts';
import { readExtents } from '../../../src/kernel/state/extent_table.ts';
import { byteAt, durable_bytes } from '../../../src/machine/primitives/bytes.ts';
import { DEVICE_PFN, FileKernel, PAGE } from './fileKernel.ts';

/** What a power loss would leave of a byte of the device. */
function durableByte(kernel: FileKernel, block: number, offset = 0): number {
  return kernel.machine.memory.of(durable_bytes).value.get(byteAt(DEVICE_PFN + block, offset));
}

describe.each(['devmap', 'refcount'] as const)('what is written back, under %s', (scheme) => {
  /** Two files that share one block, in which bytes 0, 70 and 3000 were written, durably. */
  const share = (): { kernel: FileKernel; f: number } => {
    const kernel = new FileKernel(scheme, 'xfs');
    const f = kernel.create(0, 1);
    const g = kernel.create(1);
    for (const [offset, byte] of [
      [0, 1],
      [70, 2],
      [3000, 3],
    ] as const) {
      kernel.call('sys_pwrite', f, offset, byte);
    }
    kernel.call('sys_ficlone', g, f);
    for (const file of [f, g]) kernel.call('sys_fsync', file);
    return { kernel, f };
  };

  it('of a shared block that write(2) writes to: the line that it writes, of a copy that is whole', () => {
    const { kernel, f } = share();
    expect(kernel.call('sys_pwrite', f, 5, 9)).toBe(0);
    expect(kernel.blocks(f, 1)).toEqual([1]);
    expect([0, 5, 70, 3000].map((offset) => kernel.call('sys_pread', f, offset))).toEqual([1, 9, 2, 3]);
    expect([0, 5, 70, 3000].map((offset) => durableByte(kernel, 1, offset))).toEqual([1, 9, 0, 0]);
    expect(kernel.call('sys_fsync', f)).toBe(0);
    expect(kernel.broken).toEqual([1]);
    expect(durableByte(kernel, 1, 70)).toBe(0);
  });

  it('of a block of its own that write(2) writes to: what it writes', () => {
    const kernel = new FileKernel(scheme, 'xfs');
    const f = kernel.create(0, 1);
    kernel.call('sys_pwrite', f, 5, 9);
    kernel.call('sys_fsync', f);
    expect(durableByte(kernel, 0, 5)).toBe(9);
    expect(kernel.broken).toEqual([]);
  });

  it('of a shared block that is cut: nothing', () => {
    const { kernel, f } = share();
    expect(kernel.call('sys_ftruncate', f, 100)).toBe(0);
    expect([0, 70].map((offset) => kernel.call('sys_pread', f, offset))).toEqual([1, 2]);
    expect(kernel.deviceByte(1, 3000)).toBe(0);
    expect([0, 70].map((offset) => durableByte(kernel, 1, offset))).toEqual([0, 0]);
    expect(kernel.call('sys_fsync', f)).toBe(0);
    expect(kernel.broken).toEqual([1]);
  });

  it('of a block that is cut: the lines in which bytes are zeroed', () => {
    const kernel = new FileKernel(scheme, 'ext4');
    const f = kernel.create(0, 1);
    const mm = kernel.process();
    const m = kernel.map(mm, f, 1);
    for (const offset of [0, 70, 3000]) kernel.store(mm, m + offset, 7);
    expect(kernel.call('sys_ftruncate', f, 100)).toBe(0);
    expect([0, 70, 3000].map((offset) => kernel.deviceByte(0, offset))).toEqual([7, 7, 0]);
    expect([0, 70, 3000].map((offset) => durableByte(kernel, 0, offset))).toEqual([0, 7, 0]);
    expect(kernel.call('sys_fsync', f)).toBe(0);
    expect(kernel.broken).toEqual(scheme === 'devmap' ? [] : [0]);
  });

  it('of a block that is cut in front of all that was stored there: enough', () => {
    const kernel = new FileKernel(scheme, 'ext4');
    const f = kernel.create(0, 1);
    const mm = kernel.process();
    const m = kernel.map(mm, f, 1);
    kernel.store(mm, m + 3000, 7);
    kernel.call('sys_ftruncate', f, 100);
    kernel.call('sys_fsync', f);
    expect(kernel.broken).toEqual([]);
  });

  it('of a file that a synchronous fault of a folio touches: 512 pages from the one that is touched on', () => {
    const kernel = new FileKernel(scheme, 'ext4', 2048);
    const f = kernel.create(0);
    kernel.call('sys_ftruncate', f, 520 * PAGE);
    const mm = kernel.process();
    const n = kernel.map(mm, f, 520);
    for (const index of [516, 517]) kernel.store(mm, n + index * PAGE, index - 510);
    const m = kernel.map(mm, f, 512, MAP_SHARED_VALIDATE | MAP_SYNC);
    expect(kernel.store(mm, m + 5 * PAGE, 1)).toBe(0);
    const blocks = kernel.blocks(f, 518);
    expect(blocks.slice(0, 512)).toEqual(Array.from({ length: 512 }, (_, index) => 512 + index));
    expect([516, 517].map((index) => durableByte(kernel, blocks[index] ?? -1))).toEqual([6, 0]);
    expect(kernel.warnings).toEqual([]);
  });

  it('leaves the places for copies to who has them, where a huge fault that came to one gives up', () => {
    const kernel = new FileKernel(scheme, 'xfs', 2048);
    const f = kernel.create(0, 512);
    kernel.call('sys_ficlone', kernel.create(1), f);
    const file = kernel.inodeOf(f);
    const reserved = (): number[] =>
      readExtents(kernel.machine.memory)
        .filter(({ flags }) => (flags & EXTENT_COW) !== 0)
        .flatMap(({ file_block, length }) => Array.from({ length }, (_, page) => file_block + page));
    kernel.machine.cpu = 1;
    expect(kernel.call('iomap_begin', file, 300, 1, IOMAP_WRITE)).toBe(0);
    kernel.machine.cpu = 0;
    expect(kernel.call('iomap_begin', file, 0, 512, IOMAP_WRITE)).toBe(0);
    expect(new Set(reserved())).toEqual(new Set(Array.from({ length: 301 }, (_, page) => page)));
    expect(kernel.call('iomap_end', file, 0, 512, 0, IOMAP_WRITE)).toBe(0);
    expect(reserved()).toEqual([300]);
    kernel.machine.cpu = 1;
    expect(kernel.call('iomap_end', file, 300, 1, 1, IOMAP_WRITE)).toBe(0);
    expect(reserved()).toEqual([]);
  });
});
