import { BtfBuilder, type BuiltMember } from './btfBuilder.ts';

/**
 * Layouts of the made-up kernel. They are none of Linux's, so that whoever reads a member at a place that he knows by
 * heart reads something else. Offsets in bytes.
 */
export const PAGE = {
  size: 64,
  flags: 16,
  tailWord: 40,
  mapping: 0,
  index: 24,
  _mapcount: 36,
  _refcount: 12,
};
export const FOLIO = {
  size: 192,
  mapping: PAGE.mapping,
  index: PAGE.index,
  _flags_1: 64 + PAGE.flags,
  _large_mapcount: 116,
  _entire_mapcount: 156,
  _nr_pages_mapped: 184,
  _pincount: 120,
};
export const TASK = { size: 400, tasks: 296, pid: 48, mm: 200 };
export const MM = { size: 256, pgd: 88, rss_stat: 128 };
export const COUNTER = { size: 32, count: 16, counters: 8 };
export const FLAGS = {
  PG_locked: 0,
  PG_dirty: 3,
  PG_head: 9,
  PG_workingset: 9,
  __NR_PAGEFLAGS: 12,
  PG_readahead: 13,
};
export const FILE_PAGES = 2;

/** What is wrong with the types, on purpose. */
export interface TypeFaults {
  /** Members that are missing, as `struct.member`. */
  readonly without?: readonly string[];
  /** What the word of tail pages is called. */
  readonly tailWord: 'compound_head' | 'compound_info';
}

/** The BTF of the made-up kernel. */
export function syntheticBtf({ without = [], tailWord }: TypeFaults): Uint8Array {
  const btf = new BtfBuilder();
  const long = btf.int('long unsigned int', 8);
  const int = btf.int('int', 4);
  const at = (name: string, type: number, offset: number): BuiltMember => ({
    name,
    type,
    bitOffset: offset * 8,
  });
  const keep = (struct: string, members: readonly BuiltMember[]): BuiltMember[] =>
    members.filter(({ name }) => !without.includes(`${struct}.${name}`));

  const atomic = btf.typedef('atomic_t', btf.struct('', 4, [at('counter', int, 0)]));
  const list = btf.struct('list_head', 16, [at('next', long, 0), at('prev', long, 8)]);
  const tail = btf.struct('', 48, keep('page', [at(tailWord, long, PAGE.tailWord)]));
  const count = btf.struct('', 4, keep('page', [at('_mapcount', atomic, 0)]), 'union');
  btf.struct(
    'page',
    PAGE.size,
    keep('page', [
      at('flags', long, PAGE.flags),
      at('', tail, 0),
      at('', count, PAGE._mapcount),
      at('_refcount', atomic, PAGE._refcount),
    ]),
  );
  const { size: folioSize, ...folio } = FOLIO;
  const second = btf.struct(
    '',
    128,
    keep(
      'folio',
      Object.entries(folio)
        .filter(([, offset]) => offset >= PAGE.size)
        .map(([name, offset]) => at(name, name === '_flags_1' ? long : atomic, offset - PAGE.size)),
    ),
  );
  btf.struct(
    'folio',
    folioSize,
    keep('folio', [
      at('mapping', long, FOLIO.mapping),
      at('index', long, FOLIO.index),
      at('', second, PAGE.size),
    ]),
  );
  const mm = btf.struct('mm_struct', MM.size, [
    at('pgd', btf.pointer(long), MM.pgd),
    ...keep('mm_struct', [
      at(
        'rss_stat',
        btf.array(
          btf.struct('percpu_counter', COUNTER.size, [
            at('count', long, COUNTER.count),
            at('counters', btf.pointer(int), COUNTER.counters),
          ]),
          4,
        ),
        MM.rss_stat,
      ),
    ]),
  ]);
  btf.struct(
    'task_struct',
    TASK.size,
    keep('task_struct', [
      at('pid', btf.typedef('pid_t', int), TASK.pid),
      at('mm', btf.pointer(mm), TASK.mm),
      at('tasks', list, TASK.tasks),
    ]),
  );
  btf.enumeration('pageflags', FLAGS);
  btf.enumeration('', { MM_ANONPAGES: 1, MM_FILEPAGES: FILE_PAGES });
  return btf.bytes();
}
