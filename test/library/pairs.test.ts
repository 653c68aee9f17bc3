import { expect, it } from 'vitest';
import { programOf } from '../run/support/execute.ts';
import { libraryTests } from './files.ts';
import { MEETING, meetingPairs, pairOf } from './pairs.ts';

const ALIGNMENTS = [
  { align: '4K', bytes: 4096 },
  { align: '2M', bytes: 2 ** 21 },
] as const;

const pairs = MEETING.flatMap((one, index) => MEETING.slice(index).map((other) => pairOf(one, other)));

/** The tests in which a pair meets, by alignment and pair. */
const meetings = new Map<string, string[]>();
for (const { path, text } of libraryTests()) {
  for (const { align, pair } of meetingPairs(programOf(text))) {
    const key = `${align} ${pair}`;
    meetings.set(key, [...(meetings.get(key) ?? []), path]);
  }
}

const table = ALIGNMENTS.flatMap(({ align, bytes }) =>
  pairs.map((pair) => ({ align, pair, files: meetings.get(`${bytes} ${pair}`) ?? [] })),
).map((row) => ({ ...row, where: row.files[0] ?? 'no test' }));

it.each(table)('$pair meet on one page of $align in $where', ({ align, pair, files }) => {
  expect(files, `no concurrent test has ${pair} on one page of ${align}`).not.toEqual([]);
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
