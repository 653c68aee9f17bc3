import { describe, expect, it } from 'vitest';
import { complete, diagnose, hover } from '../../../src/litmus/index.ts';
import { EXAMPLE } from '../support/contractExample.ts';

/** Cuts the source at `|`, which marks the cursor. */
function labels(marked: string): string[] {
  const offset = marked.indexOf('|');
  return complete(marked.replace('|', ''), offset).items.map((item) => item.label);
}

function textAt(marked: string): string | null {
  return hover(marked.replace('|', ''), marked.indexOf('|'))?.text ?? null;
}

const START = 'DAX x\ndevice d = devdax(size=4M)\nprocess P {\n  m = mmap(d, 0, 4K, rw)\n  ';

describe('completion', () => {
  it.each<[where: string, marked: string, some: readonly string[]]>([
    ['outside of processes', 'DAX x\n|', ['device', 'process', 'finally', 'hazard']],
    ['in a body', `${START}|`, ['load', 'thread', 'assert', 'fork']],
    ['after a register that takes a result', `${START}r = |`, ['load', 'pin']],
    ['for a device', 'DAX x device d = |', ['devdax', 'fsdax']],
    ['in arguments', `${START}pin(m, |`, ['write', 'longterm', 'offset=', 'm', 'EFAULT']],
    ['in arguments of a device', 'DAX x device d = devdax(|', ['size=', 'align=']],
    ['in arguments of a file system', 'DAX x device d = fsdax(size=4M, |', ['ext4', 'xfs', 'rmapbt']],
    ['in an assert', `${START}assert |`, ['d', 'm', 'idle', 'EINVAL']],
    ['behind an operator', `${START}assert 1 == |`, ['d', 'idle']],
    ['behind a scheme', `${START}assert[devmap] |`, ['d', 'idle']],
    ['for a scheme', `${START}assert[|`, ['devmap', 'refcount']],
    ['for a property', 'DAX x hazard[refcount] |', ['leak', 'memmap-after-teardown']],
    ['for a field of a page', `${START}assert d[0].|`, ['refcount', 'mapcount']],
    ['for a field of an indexed page', `${START}assert d[d[0].order].|`, ['refcount']],
    ['for a field of a device', `${START}assert d.|`, ['pgmap', 'bound', 'size']],
    ['for a field of a pgmap', `${START}assert d.pgmap.|`, ['ref', 'dying']],
    ['for a field of a mapping', `${START}assert m.|`, ['pte']],
    ['for a field of an entry', `${START}assert m.pte[0].|`, ['rw', 'young']],
    ['for a register of a process', `${START}} finally P.|`, ['m']],
  ])('offers %s what can stand there', (_where, marked, some) => {
    expect(labels(marked)).toEqual(expect.arrayContaining([...some]));
  });

  it('offers only what begins with the word so far, and says where it begins', () => {
    expect(labels(`${START}io_u|`)).toEqual(['io_uring_register', 'io_uring_unregister']);
    expect(complete(`${START}io_u`, START.length + 4).from).toBe(START.length);
    expect(labels('DAX x hazard memm|')).toEqual(['memmap-after-teardown']);
  });

  it('leaves out arguments that are given', () => {
    expect(labels(`${START}pin(m, write, o|`)).toEqual(['offset=']);
    expect(labels(`${START}pin(m, write, rea|`)).toEqual([]);
  });

  it('offers nothing in comments and strings', () => {
    expect(labels(`${START}# th|`)).toEqual([]);
    expect(labels('DAX x "th|')).toEqual([]);
  });
});

describe('hover', () => {
  it.each<[marked: string, text: string | RegExp | null]>([
    [
      `${START}p = p|in(m, 0, 4K)`,
      /^pin\(mapping, offset, length, \[read\|write\], \[longterm\]\)\nPins pages/,
    ],
    [`${START}load(|m, 0)`, 'register P.m: a mapping'],
    [`${START}load(m, |4K)`, '4K = 4096'],
    [`${START}load(m, |4)`, null],
    [`${START}assert |d[0].refcount`, 'device d: devdax, 4194304 bytes, entries of 4096 bytes'],
    [`${START}assert d[0].ref|count`, /^refcount: the folio's reference count/],
    [`${START}} finally |P.m`, 'process P'],
    [`${START}assert E|FAULT`, 'EFAULT = -14'],
    [`${START}assert |SIGBUS`, 'SIGBUS = -1007'],
    [`${START}assert |idle`, /reference count of an unmapped, unpinned page/],
    ['DAX x device d = dev|dax(size=4M)', /^devdax\(size, \[align\]\)\n/],
    ['DAX x device d = fs|dax(size=4M)', /^fsdax\(size, \[ext4\|xfs\], \[rmapbt\]\)\n/],
    ['DAX x hazard le|ak "x"', /^After the last process exited/],
    ['DAX x "w|ord"', null],
    ['DAX x | ', null],
  ])('over %s', (marked, text) => {
    const shown = textAt(marked);
    if (text instanceof RegExp) {
      expect(shown).toMatch(text);
    } else {
      expect(shown).toBe(text);
    }
  });
});

describe('diagnosis', () => {
  it('is empty for a test in order', () => {
    expect(diagnose(EXAMPLE, 'example.litmus')).toEqual([]);
  });

  it('gives every error its place', () => {
    expect(diagnose('DAX x\nprocess P { load(m, 0) }', 'x.litmus')).toEqual([
      {
        severity: 'error',
        message: "process P has no register 'm'",
        hint: 'expected a mapping, from mmap',
        span: { line: 2, column: 18, offset: 23, length: 1 },
      },
    ]);
  });
});
