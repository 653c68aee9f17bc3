import { type Fields, fieldsOf } from './compareStep.ts';
import { LATEST, MODES, type Mode, type RecordedStep, type Release, recording } from './recording.ts';

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
    places: 680,
    reason: 'vmf_insert_folio_pmd still marked the entry special',
  },
  {
    release: '6.16.12',
    mode: 'devdax-2m',
    field: 'vmas.Rss',
    places: 290,
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
  const { filePages, ptes = [] } = step;
  return fieldsOf({
    ...step,
    ptes: ptes.map((entry) => ({ ...entry, pagemap: entry.pfn_index ?? NOTHING_MAPPED })),
    ...(filePages === undefined ? {} : { filePages: filePages - baselineFilePages(release) }),
  });
}

const latestScenarios = new Map(
  MODES.map((mode) => [
    mode,
    new Map(recording(LATEST, mode).map((scenario) => [scenario.scenario, scenario])),
  ]),
);

/** The fields of the same step on the latest release; undefined where that has no such step. */
export function latestFields(mode: Mode, scenario: string, position: number): Fields | undefined {
  const step = latestScenarios.get(mode)?.get(scenario)?.steps[position];
  return step === undefined ? undefined : recordedFields(step, LATEST);
}
