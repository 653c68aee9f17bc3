import { describe, expect, it } from 'vitest';
import { errorsOf, testWith } from '../support/inspect.ts';

const MAPPED = 'm = mmap(d, 0, 8K, rw)\n';

/** Errors of a body after a mapping `m`, without file name and line. */
function inBody(body: string, conditions = ''): string[] {
  return errorsOf(testWith(MAPPED + body, conditions)).map((error) => error.replace(/^t:\d+:/, ''));
}

type Case = readonly [source: string, ...errors: string[]];

describe('devices', () => {
  it.each<Case>([
    ['device d = devdax(size=4M, align=2M)'],
    ['device d = devdax(4M, 4K)'],
    ['device d = devdax(size=2*2M)'],
    ['device d = devdax()', "t:1:1: 'devdax' lacks its argument 'size' (expected devdax(size, [align]))"],
    [
      'device d = devdax(size=0)',
      't:1:24: a device of 0 bytes (expected a positive multiple of the alignment, 4096 bytes)',
    ],
    [
      'device d = devdax(size=-4K)',
      't:1:24: a device of -4096 bytes (expected a positive multiple of the alignment, 4096 bytes)',
    ],
    [
      'device d = devdax(size=3M, align=2M)',
      't:1:24: a device of 3145728 bytes (expected a positive multiple of the alignment, 2097152 bytes)',
    ],
    ['device d = devdax(size=4M, align=8K)', 't:1:34: an alignment of 8192 bytes (expected 4K, 2M or 1G)'],
    ['device d = devdax(size=65536G)'],
    [
      'device d = devdax(size=131072G)',
      't:1:24: a device of 140737488355328 bytes (devices have at most 70368744177664 bytes (64 TiB))',
    ],
    ['device d = devdax(size=x)', "t:1:24: unknown register 'x' (no operation sets it)"],
    ['device d = devdax(size="4M")', 't:1:24: a string in the place of a number (expected a number)'],
    ['device d = devdax(sise=4M)', "t:1:19: 'devdax' has no argument 'sise' (did you mean 'size'?)"],
    [
      'device d = devdax(size=4M) device d = devdax(size=4M)',
      "t:1:35: 'd' is already a device (rename one; the first is at 2:8)",
    ],
    [
      'device EIO = devdax(size=4M)',
      "t:1:8: 'EIO' is a number in expressions (choose another name for a device)",
    ],
    ['device d = fsdax(size=4M, fs=xfs, rmapbt)'],
    ['device d = fsdax(size=4M, rmapbt, fs=xfs)'],
    [
      'device d = fsdax(size=4M, rmapbt)',
      "t:1:27: 'rmapbt' for ext4 (only xfs keeps a map from blocks to files: write fs=xfs)",
    ],
    [
      'device d = fsdax(size=4M, fs=ext4, rmapbt)',
      "t:1:36: 'rmapbt' for ext4 (only xfs keeps a map from blocks to files: write fs=xfs)",
    ],
    [
      'device d = fsdax(size=4M, fs=xsf, rmapbt)',
      "t:1:30: unknown word 'xsf' for 'fs' (did you mean 'xfs'?)",
    ],
    [
      'device d = fsdax(size=4M, fs=xfs, rmapbt=1)',
      "t:1:35: 'rmapbt' is a flag (write rmapbt alone, or leave it out)",
    ],
    [
      'device d = devdax(size=4M, rmapbt)',
      "t:1:28: 'devdax' takes no 'rmapbt' here (expected devdax(size, [align]))",
    ],
  ])('%s', (source, ...errors) => {
    expect(errorsOf(`DAX t\n${source}`)).toEqual(errors.map((error) => error.replace('t:1', 't:2')));
  });
});

describe('operations and their arguments', () => {
  it.each<Case>([
    ['store(m, 0, 255)'],
    ['unbind(device=d)'],
    ['peek(process=P, mapping=m, offset=0)'],
    ['stroe(m, 0, 7)', "1: unknown operation 'stroe' (did you mean 'store'?)"],
    ['frobnicate(m)', "1: unknown operation 'frobnicate' (docs/litmus-language.md lists all operations)"],
    ['store(m, 0)', "1: 'store' lacks its argument 'byte' (expected store(mapping, offset, byte))"],
    [
      'store()',
      "1: 'store' lacks its arguments 'mapping', 'offset', 'byte' (expected store(mapping, offset, byte))",
    ],
    ['store(m, 0, 1, 2)', "16: too many arguments for 'store' (expected store(mapping, offset, byte))"],
    ['store(m, 0, 256)', "13: 'byte' is 256 (expected 0 to 255)"],
    ['store(m, 0, byte=-1)', "18: 'byte' is -1 (expected 0 to 255)"],
    ['load(m, 0, ofset=1)', "12: 'load' has no argument 'ofset' (did you mean 'offset'?)"],
    ['load(m, 0, offset=1)', "12: 'offset' is given twice (remove one of them)"],
    [
      'munmap(m, length=4K, 0)',
      '22: an argument by position after a named one or a flag (expected munmap(mapping, [offset], [length]))',
    ],
    ['pin(m, 0, 4K, wirte)', "15: 'pin' takes no 'wirte' here (did you mean 'write'?)"],
    ['pin(m, write, offset=0, length=4K)'],
    [
      'pin(m, longterm, 0, 4K)',
      '18: an argument by position after a named one or a flag (expected pin(mapping, offset, length, [read|write], [longterm]))',
    ],
    [
      'pin(m, 0, write)',
      "1: 'pin' lacks its argument 'length' (expected pin(mapping, offset, length, [read|write], [longterm]))",
    ],
    ['pin(m, 0, 4K, longterm=1)', "15: 'longterm' is a flag (write longterm alone, or leave it out)"],
    ['madvise(m, DONTNEDE)', "12: unknown word 'DONTNEDE' for 'advice' (did you mean 'DONTNEED'?)"],
    [
      'madvise(m, 4)',
      "12: no word for 'advice' (expected one of NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTNEED, DONTNEED_LOCKED, FREE, REMOVE, DONTFORK, DOFORK, MERGEABLE, UNMERGEABLE, HUGEPAGE, NOHUGEPAGE, DONTDUMP, DODUMP, WIPEONFORK, KEEPONFORK, COLD, PAGEOUT, POPULATE_READ, POPULATE_WRITE, COLLAPSE, HWPOISON, SOFT_OFFLINE)",
    ],
    ['n = mmap(d, 0, 4K, prot=rwx)', "25: unknown word 'rwx' for 'prot' (did you mean 'rw'?)"],
    [
      'n = mmap(e, 0, 4K, r)',
      "10: neither a device nor a register is called 'e' (expected a device, or a file or a descriptor, from open with a name, or open without a name)",
    ],
    [
      'n = mmap(m, 0, 4K, r)',
      "10: 'm' is a mapping, set at 4:1 (expected a file or a descriptor, from open with a name, or open without a name)",
    ],
    ['unbind(m)', "8: no device is called 'm' (expected d)"],
    ['unbind(0)', '8: a device must stand here (expected d)'],
    ['load(d, 0)', "6: 'd' is a device (expected a mapping, from mmap)"],
    ['load(4, 0)', '6: a register must stand here (expected a mapping, from mmap)'],
    ['load("m", 0)', '6: a register must stand here (expected a mapping, from mmap)'],
    ['load(m, "0")', '9: a string in the place of a number (expected a number)'],
    ['barrier(m[0])', "9: a barrier's name must stand here (expected a plain name)"],
    ['poke(Q, m, 0, 1)', "6: no process is called 'Q' (expected P)"],
    ['x = exit()', "1: 'exit' gives no result (write exit(…) without a register)"],
  ])('%s', (body, ...errors) => {
    expect(inBody(body)).toEqual(errors);
  });
});

describe('registers', () => {
  it.each<Case>([
    ['load(n, 0)', "6: process P has no register 'n' (expected a mapping, from mmap)"],
    ['x = load(m, 0) unpin(x)', "22: 'x' is a number, set at 5:1 (expected a pin, from pin)"],
    ['x = load(m, 0) x = pin(m, 0, 4K) unpin(x) x = load(m, 0)'],
    [
      'm = pin(m, 0, 4K)',
      "1: register 'm' is a mapping since 4:1 and cannot become a pin (use another register)",
    ],
    [
      'm = mremap(m, 4K)',
      "1: mremap gives 0 or an errno, which would replace the mapping in 'm' (the register follows the mapping by itself: take the result into another one)",
    ],
    ['m = mmap(d, 4K, 4K, r)'],
    ['d = load(m, 0)', "1: 'd' is already a device (choose another name for the register)"],
    ['P = load(m, 0)', "1: 'P' is already a process (choose another name for the register)"],
    ['EFAULT = load(m, 0)', "1: 'EFAULT' is a number in expressions (choose another name for the register)"],
    ['SIGBUS = load(m, 0)', "1: 'SIGBUS' is a number in expressions (choose another name for the register)"],
    [
      'fork C { m = pin(m, 0, 4K) }',
      "10: register 'm' is a mapping since 4:1 and cannot become a pin (use another register)",
    ],
    [
      'p = pin(m, 0, 4K) fork C { unpin(p) }',
      "28: process C cannot unpin 'p', which its parent pinned (unpin in the process that pins)",
    ],
    [
      'p = pin(m, 0, 4K) fork C { fork G { unpin(p) } }',
      "37: process G cannot unpin 'p', which its parent pinned (unpin in the process that pins)",
    ],
    [
      'p = pin(m, 0, 4K) fork C { unpin(p) p = pin(m, 0, 4K) }',
      "28: process C cannot unpin 'p', which its parent pinned (unpin in the process that pins)",
    ],
    ['p = pin(m, 0, 4K) fork C { p = pin(m, 0, 4K) unpin(p) }'],
    ['p = pin(m, 0, 4K) thread A { unpin(p) }'],
    ['p = pin(m, 0, 4K) fork C { dma_write(p, 0, 1) }'],
    ['m = stroe(m) load(m, 0)', "5: unknown operation 'stroe' (did you mean 'store'?)"],
  ])('%s', (body, ...errors) => {
    expect(inBody(body)).toEqual(errors);
  });
});

describe('names of processes and threads', () => {
  it.each<Case>([
    [
      'thread A { exec() } thread A { exec() }',
      "28: process P has two threads 'A' at a time (rename one of them)",
    ],
    ['thread A { exec() } fork C { thread A { exec() } }'],
    ['thread A { exec() } assert 1 thread A { exec() }'],
    ['repeat 2 { thread A { exec() } } thread A { exec() }'],
    ['thread A { thread A { exec() } }', "19: process P has two threads 'A' at a time (rename one of them)"],
    [
      'thread A { thread X { exec() } } thread B { thread X { exec() } }',
      "52: process P has two threads 'X' at a time (rename one of them)",
    ],
    ['fork P { exec() }', "6: 'P' is already a process (rename one; the first is at 3:9)"],
    ['fork d { exec() }', "6: 'd' is already a device (rename one; the first is at 2:8)"],
  ])('%s', (body, ...errors) => {
    expect(inBody(body)).toEqual(errors);
  });

  it('of two processes must differ', () => {
    expect(errorsOf('DAX t process P { } process P { }')).toEqual([
      "t:1:29: 'P' is already a process (rename one; the first is at 1:15)",
    ]);
  });
});

describe('terms', () => {
  const ENTRIES =
    'a mapping is asked for its entries: m.pte[0].present, .rw, .dirty, .saved_dirty, .soft_dirty, .young, .devmap, .special, .level or .page';

  it.each<Case>([
    ['assert d[1023].order == 0 && d.pgmap.ref == 0 && !d.pgmap.dying && d.bound && d.size == 4M'],
    ['assert m.pte[1].saved_dirty + P.m.pte[0].level == 0'],
    ['assert m == 0 && P.m == 0'],
    ['assert d[0].refcnt', "13: 'd[…]' has no field 'refcnt' (did you mean 'refcount'?)"],
    ['assert d[0]', "8: 'd[…]' lacks a field (expected one of refcount, mapcount, pincount, order)"],
    [
      'assert d[0].present',
      "13: 'd[…]' has no field 'present' (expected one of refcount, mapcount, pincount, order)",
    ],
    ['assert d', "8: 'd' is a device and has no value (write d[0].refcount or d.size)"],
    ['assert d.sise', "10: 'd' has no field 'sise' (did you mean 'size'?)"],
    ['assert d.pgmap', "8: 'd.pgmap' lacks a field (expected one of ref, dying)"],
    ['assert d.size.x', "15: 'd.size' is a number (end the term there)"],
    ['assert d[1024].order', "10: device 'd' has no page 1024 (it has 1024 pages of 4K, counted from 0)"],
    ['assert d[-1].order', "10: device 'd' has no page -1 (it has 1024 pages of 4K, counted from 0)"],
    ['assert P', "8: 'P' is a process and has no value (write P.REGISTER for one of its registers)"],
    ['assert P.q', "10: process P has no register 'q' (nothing in process P sets it)"],
    ['assert q', "8: unknown register 'q' (no operation sets it)"],
    [
      'assert qq.pte[0].rw',
      "8: nothing is called 'qq' (declare the device, or set the register by an operation)",
    ],
    [
      'assert EFALT == 0',
      "8: unknown errno or signal 'EFALT' (expected a Linux name such as EFAULT or SIGBUS)",
    ],
    [
      'assert m.pte[0]',
      "8: 'm.pte[…]' lacks a field (expected one of present, rw, dirty, saved_dirty, soft_dirty, young, devmap, special, level, page)",
    ],
    ['assert m.pte.rw', `10: a mapping has no '.pte' (${ENTRIES})`],
    ['assert m[0].rw', `9: a mapping has no '[…]' (${ENTRIES})`],
    ['assert m.rw', "10: a mapping has no '.rw' (write m.pte[0].rw)"],
    ['assert d.refcount', "10: 'd' has no field 'refcount' (write d[0].refcount)"],
    ['assert m.pte[-1].rw', "14: mapping 'm' has no page -1 (pages are counted from 0)"],
    ['assert P.m.pte[4 - 8].rw', "16: mapping 'P.m' has no page -4 (pages are counted from 0)"],
    ['x = load(m, 0) assert x.y', "25: a number has no '.y' (write x alone)"],
    [
      'thread A { x = load(m, 0) } assert A.x',
      "36: 'A' is a thread (registers belong to the process: write P.x)",
    ],
    ['assert 1 / (2 - 2)', '13: division by zero (divide by something else)'],
    ['assert d.size % 0', '17: division by zero (divide by something else)'],
    ['assert 4096G * 4096G', '8: the result does not fit: numbers go up to 2^53 - 1 (use smaller numbers)'],
  ])('%s', (body, ...errors) => {
    expect(inBody(body)).toEqual(errors);
  });
});

describe('idle', () => {
  const hint = '(compare it with the count of one device: d[0].refcount == idle)';
  const inFile = (condition: string): string[] =>
    errorsOf(
      `DAX t device d = devdax(size=4M) device e = devdax(size=4M) process P { exec() } finally ${condition}`,
    ).map((error) => error.replace(/^t:\d+:\d+: /, ''));

  it.each<Case>([
    ['d[0].refcount == idle'],
    ['idle + 1 <= d[0].refcount && e[0].refcount != 2 * idle'],
    ['(d[0].refcount == 1) == (e[0].refcount == idle)'],
    ['idle', `'idle' outside of a comparison ${hint}`],
    ['d[0].refcount == 1 && idle', `'idle' outside of a comparison ${hint}`],
    ['1 == idle', `'idle' in a comparison that names no device ${hint}`],
    ['d[0].refcount - e[0].refcount == idle', `'idle' in a comparison that names several devices ${hint}`],
    ['d[idle].refcount == 1', `'idle' outside of a comparison ${hint}`],
  ])('%s', (condition, ...errors) => {
    expect(inFile(condition)).toEqual(errors);
  });

  it('is not allowed in arguments', () => {
    expect(inBody('load(m, idle)')).toEqual([`9: 'idle' outside of a comparison ${hint}`]);
  });

  it('finds the device of a file', () => {
    const file = 'device e = fsdax(size=4M) process P { f = open(e, "n") } finally f[0].refcount == idle';
    expect(errorsOf(`DAX t ${file}`)).toEqual([]);
  });
});

describe('conditions', () => {
  const two = 'm = mmap(d, 0, 4K, r)\nx = load(m, 0)\nfork C { x = load(m, 0) y = load(m, 0) }';

  it('take a bare register that a single process sets', () => {
    expect(errorsOf(testWith(two, 'finally y == 0 && m == 0 && C.m == 0 && C.x == P.x'))).toEqual([]);
  });

  it('ask whose register it is when several processes set it', () => {
    expect(errorsOf(testWith(two, 'finally x == 0'))).toEqual([
      "t:8:9: register 'x' is set by several processes: P, C (say whose: P.x)",
    ]);
  });

  it('name a property that there is', () => {
    expect(errorsOf('DAX t hazard leek "x"')).toEqual([
      "t:1:14: unknown property 'leek' (did you mean 'leak'?)",
    ]);
    expect(errorsOf('DAX t hazard frob-x "x"')[0]).toMatch(
      /expected one of free-page-reference, mapped-free-page,/,
    );
  });
});

describe('entries of higher tables', () => {
  it('are asked for as those of the pages that they map', () => {
    expect(errorsOf(testWith(MAPPED, 'finally P.m.pmd[0].rw'))).toEqual([
      expect.stringMatching(
        /^t:\d+:\d+: a mapping has no '\.pmd' \(P\.m\.pte\[i\] is the entry of any level .*P\.m\.pte\[0\]\.level is 2 for a PMD/,
      ),
    ]);
  });
});

describe('what is not possible yet', () => {
  it('is no operation: what only a real kernel could execute would not mean the same everywhere', () => {
    const source = testWith(`${MAPPED}r = futex(m, 0, wake)\nuserfaultfd(m)`);
    const hint = 'docs/litmus-language.md lists all operations';
    expect(errorsOf(source)).toEqual([
      `t:5:5: unknown operation 'futex' (${hint})`,
      `t:6:1: unknown operation 'userfaultfd' (${hint})`,
    ]);
  });

  it('is said of unbinding an xfs that knows the files of its blocks, and of no other device', () => {
    const source = `DAX t
      device d = fsdax(size=4M, fs=xfs)
      device e = fsdax(size=4M, fs=xfs, rmapbt)
      process P { unbind(d) bind(e)
a = unbind(e) }`;
    expect(errorsOf(source)).toEqual([
      "t:5:1: not yet: 'unbind' of a device with rmapbt is not modelled (leave rmapbt out)",
    ]);
  });
});

describe('files', () => {
  const onFiles = (body: string): string[] =>
    errorsOf(`DAX t\ndevice d = fsdax(size=4M)\nprocess P {\n${body}\n}`);

  it('keeps devices and their files apart', () => {
    const source =
      'DAX t device d = devdax(size=4M) device e = fsdax(size=4M) process P { open(d, "a") m = mmap(e, 0, 4K, r) fd_read(e, 0) }';
    expect(errorsOf(source).map((error) => error.replace(/^t:1:\d+: /, ''))).toEqual([
      "device 'd' is devdax (only a device with a file system has files)",
      'device \'e\' itself cannot be mapped (open a file first: f = open(e, "name", create, size=4K))',
      "device 'e' is fsdax (expected a devdax device)",
    ]);
  });

  it('have names that a directory can have', () => {
    expect(onFiles('f = open(d, "")\nf = open(d, "a/b")\nf = open(d, "..")')).toEqual([
      "t:4:13: 'name' is empty (expected a name)",
      't:5:13: a file cannot be called "a/b" (all files lie in the root of their file system: expected a name)',
      't:6:13: a file cannot be called ".." (all files lie in the root of their file system: expected a name)',
    ]);
    expect(onFiles(`unlink(d, "${'x'.repeat(256)}")`)).toEqual([
      't:4:11: a file name of 256 characters (a file system takes at most 255 characters)',
    ]);
    expect(onFiles(`unlink(d, "${'x'.repeat(255)}")`)).toEqual([]);
  });

  it('are shared by whoever asks for it: which file systems do, they say themselves', () => {
    expect(onFiles('f = open(d, "a", create)\ng = open(d, "b", create)\nreflink(f, g)')).toEqual([]);
  });

  it('are what file operations work on', () => {
    expect(onFiles('f = open(d, "a")\nm = mmap(f, 0, 4K, r)\nftruncate(m, 0)\nfsync(d)\nload(f, 0)')).toEqual(
      [
        "t:6:11: 'm' is a mapping, set at 5:1 (expected a file, from open with a name)",
        "t:7:7: 'd' is a device (expected a file, from open with a name)",
        "t:8:6: 'f' is a file, set at 4:1 (expected a mapping, from mmap; for a file there is read)",
      ],
    );
  });

  it('have pages with the fields of pages', () => {
    expect(onFiles('f = open(d, "a")\nassert f.present\nassert f[0].size == 1\nassert f[0] == 1')).toEqual([
      "t:5:10: a file has no '.present' (write f[0].present)",
      "t:6:13: 'f[…]' has no field 'size' (expected one of refcount, mapcount, pincount, order, present)",
      "t:7:8: 'f[…]' lacks a field (expected one of refcount, mapcount, pincount, order, present)",
    ]);
  });
});

describe('terms of files', () => {
  it('are those of their pages, from page 0: sizes cannot be asked for', () => {
    const source = `DAX t
device d = fsdax(size=4M)
process P {
f = open(d, "a")
assert f.size == 1
assert f[-1].present
assert P.f[0 - 2].refcount == 1
assert f[1].present
}`;
    expect(errorsOf(source)).toEqual([
      "t:5:10: a file has no '.size' (a file is asked for its pages, and not for its size: f[0].refcount, .mapcount, .pincount, .order or .present)",
      "t:6:10: file 'f' has no page -1 (pages are counted from 0)",
      "t:7:12: file 'P.f' has no page -2 (pages are counted from 0)",
    ]);
  });
});

describe('crash()', () => {
  const crashing = (body: string, device = 'fsdax'): string[] =>
    errorsOf(`DAX t\ndevice d = ${device}(size=4M)\nprocess P {\n${body}\n}`);
  const file = 'f = open(d, "a", create, size=4K)';

  it('stands alone: it ends whatever runs', () => {
    expect(crashing(`${file}\nthread A { fsync(f) }\nthread B { crash() }`)).toEqual([
      "t:6:12: crash() in 'B', beside other threads (a power loss ends all threads: write it in the body of the process, behind the row)",
    ]);
    expect(crashing(`${file}\nfork C { crash() }`)).toEqual([
      "t:5:10: crash() in 'C', beside other threads (a power loss ends all threads: write it in the body of the process, behind the row)",
    ]);
    expect(crashing('crash()\n}\nprocess Q { exit()')).toEqual([
      't:4:1: crash() in a test with several processes (a power loss ends all processes: fork them from one, which crashes when they are gone)',
    ]);
    expect(crashing(`${file}\nthread A { fsync(f) }\nfork C { fsync(f) }\ncrash()`)).toEqual([]);
  });

  it('needs something to lose', () => {
    expect(crashing('crash()', 'devdax')).toEqual([
      't:4:1: crash() without a file system (declare one: device d = fsdax(size=64M))',
    ]);
  });

  it('leaves nothing that was mapped or held, and opens files again', () => {
    const lost = (name: string, again: string): string =>
      `'${name}' is from before crash(), which left nothing of it (${again})`;
    const body = `${file}\nm = mmap(f, 0, 4K, rw)\np = pin(m, 0, 4K)\ncrash()\nx = load(m, 0)\nunpin(p)\nfsync(f)`;
    expect(crashing(body)).toEqual([
      `t:8:1: ${lost('m', 'map it again')}`,
      `t:9:1: ${lost('p', 'pin it again')}`,
    ]);
    const held = `${file}\nm = mmap(f, 0, 4K, rw)\ng = get(m, 0, 4K) v = vmsplice(m, 0, 4K) u = io_uring_register(m, 0, 4K)`;
    expect(
      crashing(`${held}\nq = io_submit(m, 0, 512, read)\ncrash()\nput(g)\nput(v)\nclose(u)\nio_getevents(q)`),
    ).toEqual([
      `t:9:1: ${lost('g', 'get it again')}`,
      `t:10:1: ${lost('v', 'fill another one')}`,
      `t:11:1: ${lost('u', 'register it again')}`,
      `t:12:1: ${lost('q', 'submit it again')}`,
    ]);
    const again = `${file}\nm = mmap(f, 0, 4K, rw)\ncrash()\nm = mmap(f, 0, 4K, r)\nx = load(m, 0)`;
    expect(crashing(again)).toEqual([]);
  });

  it('is looked for in rounds and rows', () => {
    const lost = "'m' is from before crash(), which left nothing of it (map it again)";
    const mapped = `${file}\nm = mmap(f, 0, 4K, rw)`;
    expect(crashing(`${mapped}\nrepeat 2 { munmap(m) crash() }`)).toEqual([`t:6:12: ${lost}`]);
    expect(crashing(`${file}\nrepeat 2 { m = mmap(f, 0, 4K, rw) munmap(m) crash() }`)).toEqual([]);
    expect(
      crashing(`${mapped}\ncrash()\nthread A { m = mmap(f, 0, 4K, rw) munmap(m) }\nthread B { munmap(m) }`),
    ).toEqual([`t:8:12: ${lost}`]);
    expect(crashing(`${mapped}\ncrash()\nthread A { m = mmap(f, 0, 4K, rw) }\nmunmap(m)`)).toEqual([]);
  });

  it('keeps numbers', () => {
    expect(crashing(`${file}\nx = write(f, 0, 1)\ncrash()\nassert x == 0`)).toEqual([]);
  });
});
