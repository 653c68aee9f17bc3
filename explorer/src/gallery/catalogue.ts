import type { Scheme } from '../../../src/litmus/index.ts';

/** A test that is shipped, or the test of a historical bug. */
export interface GalleryEntry {
  /** Its path in the checkout. */
  readonly file: string;
  readonly name: string;
  /** The sentence under the name. */
  readonly sentence: string;
  /** Folder below `litmus/devdax`, with `fsdax/` before it below `litmus/fsdax`, or `bugs`. */
  readonly subject: string;
  /** The bug whose kernel is executed; null for the kernel as it is. */
  readonly bug: string | null;
  /** Schemes whose kernel has the bug. */
  readonly schemes: readonly Scheme[];
}

/** What is known of a historical bug. */
export interface GalleryBug {
  readonly sentence: string;
  readonly schemes: readonly Scheme[];
}

/** Makes entries out of the texts of files, by path. */
export function entriesOf(
  tests: Readonly<Record<string, string>>,
  bugs: Readonly<Record<string, GalleryBug>>,
): GalleryEntry[] {
  const shipped = Object.entries(tests).map(([file, text]): GalleryEntry => {
    const { name, sentence } = headOf(text);
    return { file, name, sentence, subject: subjectOf(file), bug: null, schemes: [] };
  });
  const historical = Object.entries(bugs).map(
    ([name, { sentence, schemes }]): GalleryEntry => ({
      file: `bugs/${name}/test.litmus`,
      name,
      sentence,
      subject: BUGS,
      bug: name,
      schemes,
    }),
  );
  return [...shipped, ...historical];
}

/** The subject of historical bugs. */
export const BUGS = 'bugs';

/** What the folders hold. */
export const SUBJECTS: Readonly<Record<string, string>> = {
  fault: 'A page is mapped: page faults',
  gup: 'Get and pin: references by GUP',
  munmap: 'Mappings go away',
  mmap: 'Mappings are made',
  fork: 'Processes multiply',
  exit: 'Processes go',
  protect: 'Permissions change: mprotect',
  remap: 'Mappings move: mremap',
  advise: 'Advice: madvise',
  lock: 'Pages are locked: mlock',
  hold: 'Pipes, io_uring and I/O hold pages',
  unbind: 'The driver goes',
  walkers: 'Others that walk page tables',
  concurrent: 'Threads race',
  'fsdax/fault': 'A page of a file is mapped',
  'fsdax/hole': 'Files have holes',
  'fsdax/gup': 'Get and pin pages of files',
  'fsdax/munmap': 'Mappings of files go away',
  'fsdax/truncate': 'Files are cut',
  'fsdax/punch': 'Holes are punched into files',
  'fsdax/unlink': 'Files are unlinked',
  'fsdax/evict': 'Inodes go',
  'fsdax/umount': 'File systems are unmounted',
  'fsdax/fsync': 'Files are made durable: fsync',
  'fsdax/sync': 'Durable without asking: MAP_SYNC',
  'fsdax/reflink': 'Files share blocks: reflink',
  'fsdax/cow': 'Shared blocks are copied',
  'fsdax/private': 'Private mappings of files',
  'fsdax/fork': 'Processes with mapped files multiply',
  'fsdax/protect': 'Permissions of mapped files change',
  'fsdax/remap': 'Mappings of files move',
  'fsdax/hold': 'Pipes, io_uring and I/O hold pages of files',
  'fsdax/walkers': 'Others that walk page tables of files',
  'fsdax/concurrent': 'Threads race for files',
  [BUGS]: 'Historical bugs: the kernel as it was, or nearly was',
};

/** Entries whose name, sentence or text has every word of a query; texts are those of files, as far as they are there. */
export function search(
  entries: readonly GalleryEntry[],
  query: string,
  texts: Readonly<Record<string, string>>,
): GalleryEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ file, name, sentence, subject }) => {
    const where = `${name} ${sentence} ${subject} ${texts[file] ?? ''}`.toLowerCase();
    return words.every((word) => where.includes(word));
  });
}

/** Entries by subject, in the order of the subjects. */
export function bySubject(
  entries: readonly GalleryEntry[],
): { readonly subject: string; readonly title: string; readonly entries: readonly GalleryEntry[] }[] {
  const known = Object.keys(SUBJECTS);
  const others = [...new Set(entries.map(({ subject }) => subject))].filter((name) => !known.includes(name));
  return [...known, ...others]
    .map((subject) => ({
      subject,
      title: SUBJECTS[subject] ?? subject,
      entries: entries.filter((entry) => entry.subject === subject),
    }))
    .filter((group) => group.entries.length > 0);
}

function subjectOf(file: string): string {
  const [world, folder = ''] = file.split('/').slice(1);
  return world === 'devdax' ? folder : `${world}/${folder}`;
}

function headOf(text: string): { readonly name: string; readonly sentence: string } {
  const head = /^\s*DAX\s+(\S+)\s*(?:"((?:[^"\\]|\\.)*)")?/m.exec(text);
  return { name: head?.[1] ?? 'a test', sentence: head?.[2] ?? '' };
}
