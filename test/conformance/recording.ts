import { readFileSync } from 'node:fs';

/** Releases whose read-backs are kept, oldest first. The last one is the reference for the refcount scheme. */
export const RELEASES = ['6.12.95', '6.16.12', '6.18.15', '7.3.4'] as const;
export type Release = (typeof RELEASES)[number];

export const LATEST: Release = '7.3.4';

export const MODES = ['devdax-4k', 'devdax-2m'] as const;
export type Mode = (typeof MODES)[number];

/** A struct page as read back; the counts are those of its folio, but for `ownRefcount` and `pageMapcount`. */
export interface RecordedPage {
  readonly index: number;
  /** Null where the memory map was gone. */
  readonly kind: 'small' | 'head' | 'tail' | null;
  readonly refcount: number | null;
  readonly mapcount: number | null;
  readonly ownRefcount?: number;
  readonly pageMapcount?: number;
  readonly entireMapcount?: number;
  readonly largeMapcount?: number;
  readonly nrPagesMapped?: number;
  readonly pincount?: number;
  readonly order?: number;
  readonly mapping?: 'null' | 'file';
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
  readonly pfn_index?: number;
  /** Page of the device that pagemap names; -1 for none. Not recorded: it follows from the entry. */
  readonly pagemap?: number;
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

/** All scenarios that were recorded on one release in one mode, in the order of the recording. */
export function recording(release: Release, mode: Mode): readonly RecordedScenario[] {
  return JSON.parse(dataText(`${release}/${mode}.json`)) as readonly RecordedScenario[];
}
