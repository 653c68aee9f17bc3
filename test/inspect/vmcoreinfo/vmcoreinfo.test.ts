import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseElfNotes } from '../../../src/inspect/vmcoreinfo/elfNotes.ts';
import { findVmcoreinfo } from '../../../src/inspect/vmcoreinfo/findVmcoreinfo.ts';
import { parseVmcoreinfo } from '../../../src/inspect/vmcoreinfo/vmcoreinfo.ts';
import { noteBytes } from '../support/elfBuilder.ts';
import { ascii, SparseMemory } from '../support/sparseMemory.ts';

describe('VMCOREINFO', () => {
  const info = parseVmcoreinfo(
    [
      'OSRELEASE=6.12.95+deb12-amd64',
      'SYMBOL(swapper_pg_dir)=ffffffffb4c22000',
      'SYMBOL(odd)=not-a-number',
      'NUMBER(phys_base)=-429916160',
      'NUMBER(VMALLOC_START)=0xff68fd8c40000000',
      'NUMBER(odd)=12 pages',
      'KERNELOFFSET=32000000',
      '',
    ].join('\n'),
  );

  it('tells the release', () => {
    expect(info?.release).toBe('6.12.95+deb12-amd64');
  });

  it('tells symbols, in hexadecimal digits', () => {
    expect(info?.symbol('swapper_pg_dir')).toBe(0xffffffffb4c22000n);
  });

  it('tells numbers, in either base and with a sign', () => {
    expect(info?.number('phys_base')).toBe(-429916160n);
    expect(info?.number('VMALLOC_START')).toBe(0xff68fd8c40000000n);
  });

  it('does not tell what is missing or is no number', () => {
    expect(info?.symbol('init_task')).toBeUndefined();
    expect(info?.symbol('odd')).toBeUndefined();
    expect(info?.number('odd')).toBeUndefined();
    expect(info?.number('swapper_pg_dir')).toBeUndefined();
  });

  it('ends at a NUL, whatever stands behind it', () => {
    expect(parseVmcoreinfo('OSRELEASE=1\n\0SYMBOL(a)=1\n')?.symbol('a')).toBeUndefined();
  });

  it('without a release is none', () => {
    expect(parseVmcoreinfo('SYMBOL(a)=1\n')).toBeUndefined();
    expect(parseVmcoreinfo('')).toBeUndefined();
  });
});

describe('notes of VMCOREINFO in memory', () => {
  const note = (text: string): number[] => noteBytes([{ name: 'VMCOREINFO', content: ascii(text) }]);

  it('are found where pages begin, in the order of their addresses', () => {
    const memory = new SparseMemory(2 ** 22);
    memory.write(0x30_0000, note('third'));
    memory.write(0x3000, note('first'));
    memory.write(0x4_1000, note('second'));
    memory.write(0x5008, note('not at the beginning of a page'));
    expect([...findVmcoreinfo(memory)]).toEqual(['first', 'second', 'third']);
  });

  it('may be longer than a page', () => {
    const memory = new SparseMemory(2 ** 20);
    memory.write(0x3000, note('x'.repeat(6000)));
    expect([...findVmcoreinfo(memory)]).toEqual(['x'.repeat(6000)]);
  });

  it('are none when they are cut off by the end of memory, or are other notes', () => {
    const memory = new SparseMemory(0x8000);
    memory.write(0x7000, note('x'.repeat(6000)));
    memory.write(0x2000, noteBytes([{ name: 'XMCOREINFO', content: ascii('other') }]));
    expect([...findVmcoreinfo(memory)]).toEqual([]);
  });
});

describe('ELF notes', () => {
  const named = fc.record({
    name: fc.stringMatching(/^[A-Z]{1,9}$/),
    content: fc.array(fc.nat({ max: 255 }), { maxLength: 20 }),
  });

  test.prop([fc.array(named, { maxLength: 5 })])('are read back as they were written', (notes) => {
    const parsed = parseElfNotes(Uint8Array.from(noteBytes(notes)));
    expect(parsed.map(({ name, content }) => ({ name, content: [...content] }))).toEqual(notes);
  });

  test.prop([fc.uint8Array({ maxLength: 200 })])('are looked for in garbage without failing', (bytes) => {
    parseElfNotes(bytes);
  });
});
