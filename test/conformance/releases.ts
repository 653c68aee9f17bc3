import { type Fields, fieldsOf } from './compareStep.ts';
import {
  LATEST,
  type Mode,
  modesOf,
  type RecordedEntry,
  type RecordedPage,
  type RecordedStep,
  type Release,
  recording,
} from './recording.ts';
import { ELSEWHERE, labelOf } from './watchedPages.ts';

/** Releases that have the refcount scheme but are not the one that the model follows. */
export const EARLIER_REFCOUNT_RELEASES = ['6.16.12', '6.18.15'] as const satisfies readonly Release[];

/**
 * What the earlier releases of the refcount scheme did otherwise than the latest, which the model follows: by
 * release and mode the fields, and in how many recorded places. A test holds this table against the recordings.
 */
export const KNOWN_DIFFERENCES: readonly {
  readonly release: Release;
  readonly mode: Mode;
  readonly field: string;
  readonly places: number;
  readonly reason: string;
}[] = [
  {
    release: '6.16.12',
    mode: 'devdax-2m',
    field: 'ptes.special',
    places: 684,
    reason: 'vmf_insert_folio_pmd still marked the entry special',
  },
  {
    release: '6.16.12',
    mode: 'devdax-2m',
    field: 'vmas.Rss',
    places: 292,
    reason: 'smaps does not count a special PMD',
  },
  {
    release: '6.16.12',
    mode: 'devdax-2m',
    field: 'ptes.savedDirty',
    places: 18,
    reason: 'write-protecting a PMD lost its dirty bit',
  },
  {
    release: '6.16.12',
    mode: 'devdax-2m',
    field: 'ptes.dirty',
    places: 2,
    reason: 'write-protecting a PMD lost its dirty bit',
  },
  {
    release: '6.18.15',
    mode: 'devdax-2m',
    field: 'ptes.savedDirty',
    places: 18,
    reason: 'write-protecting a PMD lost its dirty bit',
  },
  {
    release: '6.18.15',
    mode: 'devdax-2m',
    field: 'ptes.dirty',
    places: 2,
    reason: 'write-protecting a PMD lost its dirty bit',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-ext4-2m',
    field: 'ptes.special',
    places: 775,
    reason: 'vmf_insert_folio_pmd still marked the entry special, and that of a huge zero page not',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-ext4-2m',
    field: 'vmas.Rss',
    places: 332,
    reason: 'smaps does not count a special PMD',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-ext4-2m',
    field: 'ptes.savedDirty',
    places: 18,
    reason: 'write-protecting a PMD lost its dirty bit',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-ext4-2m',
    field: 'ptes.dirty',
    places: 2,
    reason: 'write-protecting a PMD lost its dirty bit',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-ext4-2m',
    field: 'ptes.rw',
    places: 2,
    reason: 'without its dirty bit a PMD is not made writable by mprotect',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-xfs-2m',
    field: 'ptes.special',
    places: 789,
    reason: 'vmf_insert_folio_pmd still marked the entry special, and that of a huge zero page not',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-xfs-2m',
    field: 'vmas.Rss',
    places: 339,
    reason: 'smaps does not count a special PMD',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-xfs-2m',
    field: 'ptes.savedDirty',
    places: 18,
    reason: 'write-protecting a PMD lost its dirty bit',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-xfs-2m',
    field: 'ptes.dirty',
    places: 2,
    reason: 'write-protecting a PMD lost its dirty bit',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-xfs-2m',
    field: 'ptes.rw',
    places: 2,
    reason: 'without its dirty bit a PMD is not made writable by mprotect',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-ext4-2m',
    field: 'pages.indexOrShare',
    places: 2,
    reason: 'a page that leaves its file kept the index that it had there',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-ext4-4k',
    field: 'pages.indexOrShare',
    places: 95,
    reason: 'a page that leaves its file kept the index that it had there',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-xfs-2m',
    field: 'pages.indexOrShare',
    places: 2,
    reason: 'a page that leaves its file kept the index that it had there',
  },
  {
    release: '6.16.12',
    mode: 'fsdax-xfs-4k',
    field: 'pages.indexOrShare',
    places: 257,
    reason: 'a page that leaves its file kept the index that it had there',
  },
  {
    release: '6.18.15',
    mode: 'fsdax-ext4-4k',
    field: 'pages.indexOrShare',
    places: 94,
    reason: 'a page that leaves its file kept the index that it had there',
  },
];

/** `pages[0].refcount` without its page: `pages.refcount`. */
export function fieldKind(field: string): string {
  return field.replace(/\[[^\]]*\]/, '');
}

/** MM_FILEPAGES of a process that maps no DAX page: 7.3 counts one page of every process. */
export function baselineFilePages(release: Release): number {
  return release === '7.3.4' ? 1 : 0;
}

/** What pagemap says of a page that nothing maps. */
const NOTHING_MAPPED = -1;

/**
 * The state of a recorded step as fields: `filePages` above the release's baseline, and beside each entry what
 * /proc/self/pagemap says of a page whose entry is so.
 */
export function recordedFields(step: RecordedStep, release: Release): Fields {
  const { filePages, ptes = [], pages } = step;
  return fieldsOf({
    ...step,
    ptes: ptes.map((entry) => withPages(entry, pages)),
    ...(filePages === undefined ? {} : { filePages: filePages - baselineFilePages(release) }),
  });
}

/** An entry whose page goes by what the step calls it, with what pagemap says of that. */
function withPages(entry: RecordedEntry, pages: readonly RecordedPage[]): RecordedEntry {
  const { pfn_index } = entry;
  if (pfn_index === undefined) return { ...entry, pagemap: NOTHING_MAPPED };
  // The recording's agent looked for the huge zero folio before there was one; nothing else that is huge is not the file's.
  if (pfn_index === null) return entry.huge === true ? { ...entry, zero: true } : entry;
  const isOnFiles = pages.some(({ devIndex, hole }) => devIndex !== undefined || hole === true);
  const watched = pages.find(({ devIndex }) => devIndex === pfn_index);
  const page = !isOnFiles ? pfn_index : watched === undefined ? ELSEWHERE : labelOf(watched);
  return { ...entry, pfn_index: page, pagemap: page };
}

const latestScenarios = new Map(
  modesOf(LATEST).map((mode) => [
    mode,
    new Map(recording(LATEST, mode).map((scenario) => [scenario.scenario, scenario])),
  ]),
);

/** The fields of the same step on the latest release; undefined where that has no such step. */
export function latestFields(mode: Mode, scenario: string, position: number): Fields | undefined {
  const step = latestScenarios.get(mode)?.get(scenario)?.steps[position];
  return step === undefined ? undefined : recordedFields(step, LATEST);
}
