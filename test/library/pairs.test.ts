import { expect, it } from 'vitest';
import { programOf } from '../run/support/execute.ts';
import { libraryTests } from './files.ts';
import { FILE_MEETING, MEETING, type Meeting, meetingPairs, pairOf } from './pairs.ts';

const DEVICES = [
  { page: 'one page of 4K', isFile: false, unit: 4096, pairs: pairsOf(MEETING) },
  { page: 'one page of 2M', isFile: false, unit: 2 ** 21, pairs: pairsOf(MEETING) },
] as const;

/** What builds, maps, moves, holds and takes apart a folio. */
const FOLIO_PAIRS = [
  ...['fault × fault', 'fault × munmap', 'fault × fork', 'fault × pin', 'fault × truncate', 'fault × punch'],
  ...['fault × fsync', 'fault × cow', 'munmap × pin', 'mremap × truncate', 'mremap × fsync'],
  ...['pin × truncate', 'unpin × truncate', 'pin × reflink', 'unpin × reflink'],
];

const FILES = [
  { page: 'one block of a file', isFile: true, unit: 4096, pairs: pairsOf(FILE_MEETING) },
  { page: 'one unit of a file', isFile: true, unit: 2 ** 21, pairs: FOLIO_PAIRS },
] as const;

function pairsOf(meeting: readonly Meeting[]): readonly string[] {
  return meeting.flatMap((one, index) => meeting.slice(index).map((other) => pairOf(one, other)));
}

/** The tests in which a pair meets, by what it meets on. */
const meetings = new Map<string, string[]>();
for (const { path, text } of libraryTests()) {
  for (const { isFile, unit, pair } of meetingPairs(programOf(text))) {
    const key = `${isFile} ${unit} ${pair}`;
    meetings.set(key, [...(meetings.get(key) ?? []), path]);
  }
}

const table = [...DEVICES, ...FILES].flatMap(({ page, isFile, unit, pairs }) =>
  pairs.map((pair) => {
    const files = meetings.get(`${isFile} ${unit} ${pair}`) ?? [];
    return { page, pair, files, where: files[0] ?? 'no test' };
  }),
);

it.each(table)('$pair meet on $page in $where', ({ page, pair, files }) => {
  expect(files, `no concurrent test has ${pair} on ${page}`).not.toEqual([]);
});

const meetIn = (body: string): readonly string[] =>
  meetingPairs(programOf(`DAX t\ndevice d = devdax(size=4M, align=4K)\n${body}`)).map(({ pair }) => pair);

it('what stands in a row meets, in whatever order it stands there', () => {
  const threads = meetIn(`process P { m = mmap(d, offset=0, length=4K, prot=rw)
    thread A { munmap(m) }
    thread B { p = pin(m, 0, 4K) unpin(p) } }`);
  expect(threads).toEqual(['munmap × pin', 'munmap × unpin']);
});

it('what is done to different pages, one after the other, or on two sides of a barrier does not meet', () => {
  const apart = meetIn(`process P { m = mmap(d, offset=0, length=8K, prot=rw)
    store(m, 0, 1)
    thread A { madvise(m, DONTNEED, 0, 4K) }
    thread B { r = load(m, 4K) }
    munmap(m) }`);
  expect(apart).toEqual([]);
  const across = meetIn(`process P { m = mmap(d, offset=0, length=4K, prot=rw) barrier(go) r = load(m, 0) }
    process Q { n = mmap(d, offset=0, length=4K, prot=rw) s = load(n, 0) barrier(go) }`);
  expect(across).toEqual([]);
});

it('a fork meets what runs beside it if its child touches the page, and so does the child’s exit', () => {
  const forked = (child: string): readonly string[] =>
    meetIn(`process P { m = mmap(d, offset=0, length=4K, prot=rw)
      thread A { fork C { ${child} } }
      thread B { munmap(m) } }`);
  expect(forked('r = load(m, 0)')).toEqual(['fault × munmap', 'munmap × exit', 'munmap × fork']);
  expect(forked('r = mincore(m, 0)')).toEqual([]);
});

it('a store to a block that two files share is a copy on write, and meets what is done to either file alone', () => {
  const inFile = (before: string): readonly string[] =>
    meetingPairs(
      programOf(`DAX t\ndevice d = fsdax(size=4M, fs=xfs)\nprocess P {
        f = open(d, "f", create, size=4K)
        g = open(d, "g", create)
        m = mmap(f, offset=0, length=4K, prot=rw)
        ${before}
        thread A { store(m, 0, 1) }
        thread B { r = read(f, 0) }
        thread C { s = read(g, 0) } }`),
    ).map(({ pair }) => pair);
  expect(inFile('')).toEqual(['fault × read']);
  expect(inFile('x = reflink(f, g)')).toEqual(['cow × read']);
});

it('a name meets the file that it is the name of, and a mapping its file', () => {
  const met = meetingPairs(
    programOf(`DAX t\ndevice d = fsdax(size=4M, fs=ext4)\nprocess P {
      f = open(d, "f", create, size=2M)
      m = mmap(f, offset=0, length=2M, prot=rw)
      thread A { unlink(d, "f") }
      thread B { unlink(d, "g") }
      thread C { munmap(m) }
      thread D { punch(f, 4K, 4K) } }`),
  );
  expect(met.map(({ pair, unit }) => `${pair} ${unit}`).sort()).toEqual([
    'munmap × punch 2097152',
    'munmap × unlink 2097152',
    'punch × unlink 2097152',
  ]);
});
