import { defineStruct, type Struct } from '../../machine/field.ts';

type GatherField =
  | 'mm'
  | 'start'
  | 'end'
  | 'fullmm'
  | 'freed_tables'
  | 'batches'
  | 'delayed_rmap'
  | 'spare_cows';

/** struct mmu_gather (include/asm-generic/tlb.h): lives on the stack of the thread that unmaps. */
export const mmu_gather: Struct<number, GatherField> = defineStruct<number, GatherField>(
  'mmu_gather',
  { doc: 'struct mmu_gather, include/asm-generic/tlb.h', private: true },
  {
    mm: { doc: 'address space that it unmaps from' },
    start: { doc: 'first page whose translations must be flushed', wide: true },
    end: { doc: 'first page behind them; 0 when there is nothing to flush', wide: true },
    fullmm: { doc: '1 when the whole address space goes' },
    freed_tables: { doc: 'page-table pages queued to be freed' },
    batches: { doc: 'queued pages, in all batches together' },
    spare_cows: { doc: '1 while private copies stay where they are (zap_details.even_cows is 0)' },
    delayed_rmap: { doc: '1 while a queued page still has its mapcount' },
  },
);

/** One queued page, with the reference that its entry held (encoded_page with its flag). */
export const gather_page: Struct<number, 'page' | 'delayed'> = defineStruct<number, 'page' | 'delayed'>(
  'gather_page',
  { doc: 'a queued encoded_page of an mmu_gather batch', private: true },
  {
    page: { doc: 'its frame', wide: true },
    delayed: { doc: 'ENCODED_PAGE_BIT_DELAY_RMAP: its mapcount drops after the TLB flush' },
  },
);

/** A page-table page queued to be freed once no lockless walker can stand in it. */
export const gather_table: Struct<number, 'table'> = defineStruct<number, 'table'>(
  'gather_table',
  { doc: 'a queued page of mmu_table_batch', private: true },
  { table: { doc: 'the page-table page' } },
);

/** Pages that the running get_user_pages call has collected (its pages array), as runs of neighbours. */
export const gup_pages: Struct<number, 'first' | 'count'> = defineStruct<number, 'first' | 'count'>(
  'gup_pages',
  {
    doc: 'the pages array of a running get_user_pages call; run 0 holds the number of runs in `count`',
    private: true,
  },
  {
    first: { doc: 'first frame of the run', wide: true },
    count: { doc: 'frames of the run' },
  },
);
