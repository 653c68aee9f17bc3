import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { bytesAsSource, InspectError, openElfCore, openKernel } from '../../../src/inspect/index.ts';
import { buildElfCore } from '../support/elfBuilder.ts';
import { ascii, u16, u64 } from '../support/sparseMemory.ts';
import { RELEASE, SyntheticKernel } from '../support/syntheticKernel.ts';

const NOTE = { name: 'VMCOREINFO', content: ascii('OSRELEASE=9.9\n') };
const LOW = { physicalAddress: 0x1000n, content: [1, 2, 3, 4] };
const HIGH = { physicalAddress: 0x1_4000_0000n, content: [5, 6, 7, 8] };

describe('an ELF core file', () => {
  it('has its memory at the physical addresses of its segments', () => {
    const { memory } = openElfCore(bytesAsSource(buildElfCore([], [HIGH, LOW])));
    expect(memory.read(0x1001, 2)).toEqual(Uint8Array.of(2, 3));
    expect(memory.read(0x1_4000_0002, 2)).toEqual(Uint8Array.of(7, 8));
    expect(memory.read(0x1_4000_0002, 3)).toBeUndefined();
  });

  it('gives its VMCOREINFO, behind other notes', () => {
    const cpu = { name: 'CORE', content: [1, 2, 3, 4, 5] };
    const core = openElfCore(bytesAsSource(buildElfCore([cpu, NOTE], [LOW])));
    expect(core.vmcoreinfo).toBe('OSRELEASE=9.9\n');
  });

  it('may have none', () => {
    expect(openElfCore(bytesAsSource(buildElfCore([], [LOW]))).vmcoreinfo).toBeUndefined();
  });

  it('of /proc/kcore has segments without a physical address, which are left out', () => {
    const vmalloc = { physicalAddress: 0xffff_ffff_ffff_ffffn, content: [9] };
    const { memory } = openElfCore(bytesAsSource(buildElfCore([NOTE], [vmalloc, LOW])));
    expect(memory.ranges).toEqual([{ start: 0x1000, length: 4 }]);
  });

  it('of a whole kernel is opened like its memory', () => {
    const synthetic = new SyntheticKernel();
    const content = synthetic.memory.read(0, 2 ** 25) ?? [];
    const note = { name: 'VMCOREINFO', content: ascii(synthetic.vmcoreinfo()) };
    const core = openElfCore(bytesAsSource(buildElfCore([note], [{ physicalAddress: 0n, content }])));
    expect(openKernel(core.memory, core.vmcoreinfo).release).toBe(RELEASE);
  });

  it('with more segments than its header can count is read whole', () => {
    const bytes = buildElfCore([NOTE], [LOW], { 40: u64(0x200n), 56: u16(0xffff) });
    const file = new Uint8Array(0x240);
    file.set(bytes);
    file.set([2, 0, 0, 0], 0x200 + 44);
    expect(openElfCore(bytesAsSource(file)).memory.ranges).toEqual([{ start: 0x1000, length: 4 }]);
  });
});

describe('a file is refused', () => {
  it.each([
    ['that is no ELF file', { 0: ascii('KDUM') }, 'its magic number is missing'],
    ['of a 32-bit machine', { 4: [1] }, 'not of an x86-64 machine'],
    ['of a big-endian machine', { 5: [2] }, 'not of an x86-64 machine'],
    ['of another architecture', { 18: u16(183) }, 'not of an x86-64 machine'],
    ['that is a program', { 16: u16(2) }, 'no memory'],
    ['with short program headers', { 54: u16(32) }, 'too short'],
    ['whose program headers are beyond its end', { 32: u64(0x10_0000n) }, 'ends within its program headers'],
    ['with a segment beyond all addresses', { 144: u64(1n << 60n) }, 'damaged'],
    ['whose notes have no plausible size', { 96: u64(1n << 50n) }, 'damaged'],
    ['whose notes are beyond its end', { 96: u64(0x100_0000n) }, 'ends within its notes'],
  ] as const)('%s', (_, changes, reason) => {
    expect(() => openElfCore(bytesAsSource(buildElfCore([NOTE], [LOW], changes)))).toThrow(reason);
  });

  it('that has no memory', () => {
    expect(() => openElfCore(bytesAsSource(buildElfCore([NOTE], [])))).toThrow('no memory to read');
  });

  it('that lacks the last byte of its memory', () => {
    const bytes = buildElfCore([NOTE], [LOW, HIGH]);
    expect(() => openElfCore(bytesAsSource(bytes.subarray(0, -1)))).toThrow(
      'ends within its memory: it is incomplete',
    );
  });

  it('that is empty', () => {
    expect(() => openElfCore(bytesAsSource(new Uint8Array()))).toThrow('incomplete');
  });

  test.prop([fc.nat({ max: 199 }), fc.nat({ max: 255 })])(
    'or read, but never fails in another way, when a byte of its headers is wrong',
    (at, value) => {
      const bytes = buildElfCore([NOTE], [LOW, HIGH]);
      bytes[at] = value;
      try {
        openElfCore(bytesAsSource(bytes)).memory.read(0x1000, 4);
      } catch (error) {
        expect(error).toBeInstanceOf(InspectError);
      }
    },
  );
});
