import { readFileSync } from 'node:fs';

/** Releases whose read-backs are kept, oldest first. The last one is the reference for the refcount scheme. */
export const RELEASES = ['6.12.95', '6.16.12', '6.18.15', '7.3.4'] as const;
export type Release = (typeof RELEASES)[number];

export const LATEST: Release = '7.3.4';

/** Recorded on /dev/dax0.0, by its alignment; and on files of a file system, by the unit of the scenarios. */
export const DEVICE_MODES = ['devdax-4k', 'devdax-2m'] as const;
export const FILE_MODES = ['fsdax-ext4-4k', 'fsdax-ext4-2m', 'fsdax-xfs-4k', 'fsdax-xfs-2m'] as const;
export type FileMode = (typeof FILE_MODES)[number];
export type Mode = (typeof DEVICE_MODES)[number] | FileMode;

export function isFileMode(mode: Mode): mode is FileMode {
  return mode.startsWith('fsdax');
}

/** Bytes of the scenarios' unit in a mode, as a scenario writes them. */
export function unitOf(mode: Mode): '4K' | '2M' {
  return mode.endsWith('2m') ? '2M' : '4K';
}

/** A struct page as read back; the counts are those of its folio, but for `ownRefcount` and `pageMapcount`. */
export interface RecordedPage {
  /** Page of the device, or of the file. */
  readonly index: number;
  /** Of a page of a file: which file, where that is not the scenario's own, or this one as it was found later. */
  readonly file?: string;
  /** Of a page of a file: the page of the device that backed it when it was looked up first, and is looked at from then on. */
  readonly devIndex?: number;
  /** The file has no block there. */
  readonly hole?: true;
  /** Null where the memory map was gone. */
  readonly kind?: 'small' | 'head' | 'tail' | null;
  readonly refcount: number | null;
  readonly mapcount: number | null;
  readonly ownRefcount?: number;
  readonly pageMapcount?: number;
  readonly entireMapcount?: number;
  readonly largeMapcount?: number;
  readonly nrPagesMapped?: number;
  readonly pincount?: number;
  readonly order?: number;
  /** `0x1`: the mark of a page that several files share. */
  readonly mapping?: 'null' | 'file' | '0x1';
  /** Of a page of a file: which page of the file its folio begins with; how many files share it, if it names none. */
  readonly indexOrShare?: number;
  /** The memory map was gone. */
  readonly unreadable?: true;
}

/** What a walk of the recording process's page tables found for one page of a mapping. */
export interface RecordedEntry {
  readonly view: string;
  /** Bytes from where the mapping began, hexadecimal. */
  readonly va_offset: string;
  readonly level: 'PGD' | 'PUD' | 'PMD' | 'PTE';
  readonly present: boolean;
  readonly rw?: boolean;
  readonly dirty?: boolean;
  readonly accessed?: boolean;
  readonly devmap?: boolean;
  readonly special?: boolean;
  readonly softdirty?: boolean;
  readonly savedDirty?: boolean;
  readonly huge?: boolean;
  /** Page of the device; null for the zero page, and for one that is no page of the device. */
  readonly pfn_index?: number | string | null;
  /** Whether a page that is no page of the device is the (huge) zero page. */
  readonly zero?: boolean;
  /** Page of the device that pagemap names; -1 for none. Not recorded: it follows from the entry. */
  readonly pagemap?: number | string;
}

/** A mapping as /proc/self/smaps shows it; sizes in KiB. */
export interface RecordedVma {
  readonly view: string;
  readonly start_off: string;
  readonly prot: string;
  readonly pgoff: number;
  readonly Size: number;
  readonly Rss: number;
}

/** The state after one operation. */
export interface RecordedStep {
  readonly op: string;
  readonly who: 'main' | 'child' | 'runner';
  readonly result: number | null;
  readonly errno?: string;
  readonly signal?: string;
  /** What had become of a task beside the scenario's: whether it was done, and its result or errno. */
  readonly background?: { readonly done: boolean; readonly result?: number; readonly errno?: string };
  readonly pages: readonly RecordedPage[];
  readonly ptes?: readonly RecordedEntry[];
  readonly vmas?: readonly RecordedVma[];
  /** mm->rss_stat[MM_FILEPAGES]. */
  readonly filePages?: number;
  /** Kernel messages of a warning or worse since the step before. */
  readonly warnings?: readonly string[];
}

export interface RecordedScenario {
  readonly scenario: string;
  readonly description: string;
  /** `own`: a boot of its own, so that the device was fresh. */
  readonly boot: 'shared' | 'own';
  readonly ended?: false;
  readonly steps: readonly RecordedStep[];
}

const folder = new URL('./data/', import.meta.url);

/** The text of a file in `data/`. */
export function dataText(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8');
}

const manifest = JSON.parse(dataText('manifest.json')) as Record<string, unknown>;

/** The modes in which a release was recorded. */
export function modesOf(release: Release): readonly Mode[] {
  return [...DEVICE_MODES, ...FILE_MODES].filter((mode) => `${release}/${mode}.json` in manifest);
}

const recordings = new Map<string, readonly RecordedScenario[]>();

/** All scenarios that were recorded on one release in one mode, in the order of the recording. */
export function recording(release: Release, mode: Mode): readonly RecordedScenario[] {
  const path = `${release}/${mode}.json`;
  const known = recordings.get(path) ?? (JSON.parse(dataText(path)) as readonly RecordedScenario[]);
  recordings.set(path, known);
  return known;
}
