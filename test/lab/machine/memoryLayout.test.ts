import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { DeviceSpec } from '../../../src/lab/machine/guest.ts';
import { layOutMemory } from '../../../src/lab/machine/memoryLayout.ts';

const MIB = 2 ** 20;
const UNITS = { '4K': 4096, '2M': 2 * MIB, '1G': 2 ** 30 };

const device: fc.Arbitrary<DeviceSpec> = fc.oneof(
  fc.record({
    kind: fc.constant('devdax' as const),
    align: fc.constantFrom('4K' as const, '2M' as const, '1G' as const),
    bytes: fc.integer({ min: 1, max: 3 * 2 ** 30 }),
  }),
  fc.record({
    kind: fc.constant('fsdax' as const),
    fileSystem: fc.constantFrom('ext4' as const, 'xfs' as const),
    rmapbt: fc.boolean(),
    bytes: fc.integer({ min: 1, max: 3 * 2 ** 30 }),
  }),
);

describe('the memory of a guest', () => {
  test.prop([fc.array(device, { maxLength: 4 })])(
    'has room for every device, beside the others and what is the guest’s own',
    (devices) => {
      const { regions, extents, ramBytes } = layOutMemory(devices);
      expect(regions).toHaveLength(devices.length);
      let previousEnd = 2 ** 30;
      regions.forEach(({ start, bytes }, index) => {
        const spec = devices[index];
        if (spec === undefined) throw new Error('no device');
        const unit = spec.kind === 'devdax' ? UNITS[spec.align] : UNITS['2M'];
        expect(start % (128 * MIB)).toBe(0);
        expect(bytes % (128 * MIB)).toBe(0);
        const pageZero = Math.ceil((start + 2 * MIB) / unit) * unit;
        expect(start + bytes - pageZero).toBeGreaterThanOrEqual(spec.bytes);
        expect(start).toBeGreaterThanOrEqual(previousEnd + (index === 0 ? 0 : 1));
        previousEnd = start + bytes;
        const holders = extents.filter((extent) => {
          return extent.physicalAddress <= start && start + bytes <= extent.physicalAddress + extent.bytes;
        });
        expect(holders).toHaveLength(1);
      });
      let offset = 0;
      for (const extent of extents) {
        expect(extent.fileOffset).toBe(offset);
        offset += extent.bytes;
      }
      expect(offset).toBe(ramBytes);
    },
  );

  it('goes on at 4 GiB when the devices do not fit below 3', () => {
    const { extents, regions } = layOutMemory([{ kind: 'devdax', align: '1G', bytes: 2 ** 31 }]);
    expect(regions[0]?.start).toBe(2 ** 32);
    expect(extents.map(({ physicalAddress }) => physicalAddress)).toEqual([0, 2 ** 32]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('has no device of %d bytes', (bytes) => {
    expect(() => layOutMemory([{ kind: 'devdax', align: '4K', bytes }])).toThrow(
      `a device cannot have ${bytes} bytes: give it an integer from 1`,
    );
  });
});
