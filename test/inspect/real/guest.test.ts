import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type InspectedKernel,
  type InspectedProcess,
  type OpenFile,
  openFile,
  openKernel,
  segmentedMemory,
} from '../../../src/inspect/index.ts';
import type { KernelImage } from '../../../src/lab/kernels/kernelImage.ts';
import { bootGuest } from '../../../src/lab/machine/bootGuest.ts';
import type { Guest } from '../../../src/lab/machine/guest.ts';
import { kernelOf, named, whyNotBooted } from '../../lab/support/realKernels.ts';
import { conversation } from '../../lab/support/standInAgent.ts';
import { buildHolder, type Holder } from './holder.ts';

const MIB = 2 ** 20;
const MAPPED_AT = [0x6000_0000_0000n, 0x6000_4000_0000n] as const;

/** Whether mappings are counted: from Linux 6.15 on. */
function countsMappings(release: string): boolean {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 15);
}

describe.each(['6.12', 'newest'])('a running guest', (version) => {
  const reason = whyNotBooted(version);

  describe.skipIf(reason !== null)(named(`with kernel ${version}`, reason), () => {
    const image = kernelOf(version) as KernelImage;
    const mappings = countsMappings(image?.release ?? '') ? 1 : 0;
    const frames: number[] = [];
    let holder: Holder;
    let guest: Guest;
    let file: OpenFile;
    let kernel: InspectedKernel;
    let ask: (question: string) => Promise<string>;

    const askNumber = async (question: string): Promise<number> => Number(await ask(question));
    const processOf = (pid: number): InspectedProcess => {
      const process = kernel.process(pid);
      if (process === undefined) throw new Error(`the inspector does not find process ${pid}`);
      return process;
    };

    beforeAll(async () => {
      holder = buildHolder();
      guest = await bootGuest({
        kernel: image,
        agent: holder.path,
        devices: [
          { kind: 'devdax', align: '4K', bytes: 16 * MIB },
          { kind: 'devdax', align: '2M', bytes: 16 * MIB },
        ],
      });
      ask = conversation(guest);
      file = openFile(guest.ramFile);
      kernel = openKernel(segmentedMemory(file, guest.ramExtents));
      for (const device of [0, 1]) {
        frames.push((await askNumber(`resource ${device}`)) / 4096);
        expect(await ask(`map ${device}`)).toBe('ok');
      }
    }, 180_000);

    afterAll(async () => {
      file?.close();
      await guest?.dispose();
      holder?.remove();
    });

    const first = (device: number): number => frames[device] ?? Number.NaN;

    it('is of the release that it says', () => {
      expect(kernel.release).toBe(guest.release);
    });

    it.each(['init_task', 'init_top_pgt', '__per_cpu_offset'])(
      'has its symbol %s where /proc/kallsyms has it',
      async (name) => {
        // The guest answers in decimal digits: too many for a number.
        expect(kernel.symbols.find(name)).toBe(BigInt(await ask(`symbol ${name}`)));
      },
    );

    it('has one reference on each idle page, and no mapping', () => {
      const idle = { refcount: 1, mapcount: 0, pincount: 0 };
      expect(kernel.page(first(0))).toMatchObject({ kind: 'small', order: 0, ...idle });
      expect(kernel.page(first(1))).toMatchObject({ kind: 'head', order: 9, ...idle });
      expect(kernel.page(first(1) + 77)).toMatchObject({ kind: 'tail', order: 9, ...idle });
      expect(kernel.page(first(1) + 512)).toMatchObject({ kind: 'head', headPfn: first(1) + 512, ...idle });
    });

    it('has an entry that maps the frame which /proc/self/pagemap names', async () => {
      const process = processOf(await askNumber('process'));
      for (const [device, offset] of [
        [0, 0],
        [0, 8192],
        [1, 2 * MIB + 12288],
      ] as const) {
        expect(process.entry(MAPPED_AT[device] + BigInt(offset))).toMatchObject({ present: false });
        expect(await ask(`store ${device} ${offset}`)).toBe('1');
        const entry = process.entry(MAPPED_AT[device] + BigInt(offset));
        expect(entry).toMatchObject({ present: true, rw: true, user: true, accessed: true, dirty: true });
        expect(entry).toMatchObject({ level: device === 0 ? 'pte' : 'pmd', huge: device === 1 });
        expect(entry?.devmap).toBe(mappings === 0);
        expect(entry?.pfn).toBe(first(device) + offset / 4096);
        expect(entry?.pfn).toBe(await askNumber(`frame ${device} ${offset}`));
      }
    });

    it('has one more reference and mapping on a page that is mapped, if it counts them', () => {
      const mapped = { refcount: 1 + mappings, mapcount: mappings, pincount: 0 };
      expect(kernel.page(first(0))).toMatchObject(mapped);
      expect(kernel.page(first(0) + 1)).toMatchObject({ refcount: 1, mapcount: 0 });
      expect(kernel.page(first(0) + 2)).toMatchObject(mapped);
      expect(kernel.page(first(1))).toMatchObject({ refcount: 1, mapcount: 0 });
      expect(kernel.page(first(1) + 512)).toMatchObject(mapped);
      expect(kernel.page(first(1) + 512 + 3)).toMatchObject({ kind: 'tail', ...mapped });
    });

    it('counts file pages for the pages that it maps, if it counts mappings', async () => {
      const process = processOf(await askNumber('process'));
      const before = process.filePages() ?? Number.NaN;
      await ask('load 0 20480');
      expect(process.filePages()).toBe(before + mappings);
      await ask(`load 1 ${4 * MIB}`);
      expect(process.filePages()).toBe(before + mappings * 513);
    });

    it('tells a page that was read from one that was written', async () => {
      const process = processOf(await askNumber('process'));
      expect(process.entry(MAPPED_AT[0] + 20480n)).toMatchObject({ present: true, dirty: false });
    });

    it('has a reference more for a page in a pipe', async () => {
      const before = kernel.page(first(0) + 2);
      expect(await ask('splice 0 8192')).toBe('ok');
      expect(kernel.page(first(0) + 2)?.refcount).toBe((before?.refcount ?? Number.NaN) + 1);
      expect(kernel.page(first(0) + 2)?.mapcount).toBe(before?.mapcount);
    });

    it('has the entries of a child apart from its parent’s, and counts both', async () => {
      const small = await askNumber('child 0 0');
      const large = await askNumber(`child 1 ${2 * MIB}`);
      expect(processOf(small).entry(MAPPED_AT[0])).toMatchObject({ present: true, pfn: first(0) });
      expect(processOf(small).entry(MAPPED_AT[0] + 8192n)).toMatchObject({ present: false });
      expect(processOf(large).entry(MAPPED_AT[1] + BigInt(2 * MIB))).toMatchObject({
        level: 'pmd',
        present: true,
      });
      const both = { refcount: 1 + 2 * mappings, mapcount: 2 * mappings };
      expect(kernel.page(first(0))).toMatchObject(both);
      expect(kernel.page(first(1) + 512)).toMatchObject(both);
      expect(kernel.page(first(1) + 512)?.large).toEqual({
        entireMapcount: 2 * mappings,
        largeMapcount: 2 * mappings,
        nrPagesMapped: mappings * 0x80_0000,
      });
    });

    it('has the counts of the child alone once the parent has unmapped', async () => {
      for (const device of [0, 1]) expect(await ask(`unmap ${device}`)).toBe('ok');
      const alone = { refcount: 1 + mappings, mapcount: mappings };
      expect(kernel.page(first(0))).toMatchObject(alone);
      expect(kernel.page(first(1) + 512)).toMatchObject(alone);
      const process = processOf(await askNumber('process'));
      expect(process.entry(MAPPED_AT[0])?.pfn).toBeUndefined();
    });

    it('has no struct pages of a device whose driver is unbound, and those of the other', async () => {
      expect(await ask('unbind 1')).toBe('ok');
      expect(kernel.page(first(1))).toBeUndefined();
      expect(kernel.page(first(1) + 512 + 3)).toBeUndefined();
      expect(kernel.page(first(0) + 1)).toMatchObject({ refcount: 1 });
    });
  });
});
