import { defineStruct, type Struct } from '../../machine/field.ts';
import type { HolderId, HolderRun } from './numbers.ts';

/** Runs of neighbouring pages that one holder may keep. */
export const HOLDER_RUNS = 4096;

/** Page references that user space holds through a pipe, a registered buffer or an I/O in flight. */
export const holder: Struct<HolderId, 'kind' | 'runs' | 'pages' | 'mm' | 'dirty'> = defineStruct<
  HolderId,
  'kind' | 'runs' | 'pages' | 'mm' | 'dirty'
>(
  'holder',
  { doc: 'what a pipe, a registered buffer or an I/O in flight keeps of GUP’s pages array' },
  {
    kind: { doc: 'HOLDER_ kind: FOLL_GET or FOLL_PIN, a page or a folio a reference; 0 = free' },
    runs: { doc: 'runs of pages in use' },
    pages: { doc: 'pages (or folios) held in all' },
    mm: { doc: 'address space whose exit closes it' },
    dirty: { doc: '1 if the pages are marked dirty on release (pinned for write)' },
  },
);

export const holder_run: Struct<HolderRun, 'first' | 'count'> = defineStruct<HolderRun, 'first' | 'count'>(
  'holder_run',
  { doc: 'neighbouring pages of a holder, in the order of the user addresses' },
  {
    first: { doc: 'first frame', wide: true },
    count: { doc: 'frames, one reference each' },
  },
);
