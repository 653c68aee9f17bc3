import { describe, expect, it } from 'vitest';
import { InspectError, openKernel } from '../../src/inspect/index.ts';
import { SparseMemory } from './support/sparseMemory.ts';
import { type KernelShape, PLAIN, RELEASE, SyntheticKernel } from './support/syntheticKernel.ts';

const DEVICE = 0x3000;

function shaped(changes: Partial<KernelShape>): SyntheticKernel {
  return new SyntheticKernel({ ...PLAIN, ...changes });
}

describe('a kernel is found in memory', () => {
  it.each([
    ['four levels of page tables', PLAIN],
    ['five levels of page tables', { ...PLAIN, hasP4d: true }],
    ['negative distances of symbols', { ...PLAIN, addressForm: 'from a base, negative' }],
    ['symbols that have no base', { ...PLAIN, addressForm: 'from each offset' }],
  ] satisfies [string, KernelShape][])('with %s', (_, shape) => {
    const synthetic = new SyntheticKernel(shape);
    synthetic.setPage(DEVICE, { refcount: 5, mapcount: 4 });
    const kernel = openKernel(synthetic.memory);
    expect(kernel.release).toBe(RELEASE);
    expect(kernel.page(DEVICE)).toMatchObject({ refcount: 5, mapcount: 4 });
  });

  it('by the note that came with a core file', () => {
    const synthetic = new SyntheticKernel();
    const note = synthetic.vmcoreinfo();
    synthetic.memory.write(13 * 2 ** 20, new Uint8Array(2 ** 20));
    expect(openKernel(synthetic.memory, note).release).toBe(RELEASE);
    expect(() => openKernel(synthetic.memory)).toThrow('no VMCOREINFO');
  });

  it('behind traces of kernels that ran before it', () => {
    const synthetic = new SyntheticKernel();
    synthetic.writeNote(
      0x5000,
      'OSRELEASE=5.0-older\nSYMBOL(swapper_pg_dir)=ffffffff82000000\nNUMBER(phys_base)=0\n',
    );
    synthetic.writeNote(0x6000, 'OSRELEASE=5.1-cut-off\nSYMBOL(swap');
    synthetic.writeNote(0x7000, 'not what a kernel writes');
    expect(openKernel(synthetic.memory).release).toBe(RELEASE);
  });

  it('by a variable where VMCOREINFO does not tell where the struct pages are', () => {
    const synthetic = shaped({ withoutLines: ['SYMBOL(vmemmap)'] });
    synthetic.setPage(DEVICE, { refcount: 3 });
    expect(openKernel(synthetic.memory).page(DEVICE)?.refcount).toBe(3);
  });
});

describe('a kernel that cannot be read is refused with its reason', () => {
  it('when the memory is empty', () => {
    expect(() => openKernel(new SparseMemory(2 ** 20))).toThrow(InspectError);
    expect(() => openKernel(new SparseMemory(2 ** 20))).toThrow('has the kernel booted?');
  });

  it('when there are only traces of it', () => {
    const synthetic = new SyntheticKernel();
    synthetic.memory.writeU64(4 * 2 ** 20 + 511 * 8, 0n);
    expect(() => openKernel(synthetic.memory)).toThrow(`only traces of a kernel ${RELEASE}`);
  });

  it.each([
    ['page.compound_head', 'page', 'compound_head'],
    ['page._mapcount', 'page', '_mapcount'],
    ['page._refcount', 'page', '_refcount'],
    ['folio._large_mapcount', 'folio', '_large_mapcount'],
    ['folio._pincount', 'folio', '_pincount'],
    ['task_struct.mm', 'task_struct', 'mm'],
  ])('when %s is missing: it names struct and member', (without, struct, member) => {
    const { memory } = shaped({ types: { tailWord: 'compound_head', without: [without] } });
    expect(() => openKernel(memory)).toThrow(`struct ${struct} of this kernel has no member ${member}`);
  });

  it.each([
    ['__start_BTF', 'CONFIG_DEBUG_INFO_BTF'],
    ['init_task', 'init_task'],
    ['swapper_pg_dir', 'in a form that is not known'],
  ])('when its table of symbols lacks %s', (symbol, reason) => {
    expect(() => openKernel(shaped({ withoutSymbols: [symbol] }).memory)).toThrow(reason);
  });

  it.each(['num_syms', 'names', 'token_table', 'token_index', 'offsets'])(
    'when VMCOREINFO does not tell kallsyms_%s',
    (name) => {
      const { memory } = shaped({ withoutLines: [`SYMBOL(kallsyms_${name})`] });
      expect(() => openKernel(memory)).toThrow(`does not tell kallsyms_${name}`);
    },
  );

  it('when nothing tells where the struct pages are', () => {
    const { memory } = shaped({ withoutLines: ['SYMBOL(vmemmap)'], withoutSymbols: ['vmemmap_base'] });
    expect(() => openKernel(memory)).toThrow('vmemmap_base');
  });

  it('when its BTF is overwritten', () => {
    const synthetic = new SyntheticKernel();
    synthetic.memory.write(6 * 2 ** 20, new Uint8Array(64));
    expect(() => openKernel(synthetic.memory)).toThrow('no BTF');
  });
});
