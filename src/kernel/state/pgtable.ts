import { defineStruct, type Struct } from '../../machine/field.ts';
import type { PgdSlot, PmdSlot, PteSlot, PudSlot, TableId } from './numbers.ts';

/** Entries a page-table page has. */
export const PTRS_PER_TABLE = 512;

/** Page tables, one struct a level so that each level's slots are a kind of their own. */
export const pgd_table: Struct<PgdSlot, 'entry'> = defineStruct<PgdSlot, 'entry'>(
  'pgd_table',
  { doc: 'pgd_t of an address space (four levels: 512 GiB an entry)' },
  { entry: { doc: 'the table below, or 0', wide: true } },
);

export const pud_table: Struct<PudSlot, 'entry'> = defineStruct<PudSlot, 'entry'>(
  'pud_table',
  { doc: 'pud_t (1 GiB an entry)' },
  { entry: { doc: 'the table below or a leaf, or 0', wide: true } },
);

export const pmd_table: Struct<PmdSlot, 'entry'> = defineStruct<PmdSlot, 'entry'>(
  'pmd_table',
  { doc: 'pmd_t (2 MiB an entry)' },
  { entry: { doc: 'the table below or a leaf, or 0', wide: true } },
);

export const pte_table: Struct<PteSlot, 'entry'> = defineStruct<PteSlot, 'entry'>(
  'pte_table',
  { doc: 'pte_t (4 KiB an entry)' },
  { entry: { doc: 'a leaf, or 0', wide: true } },
);

/** Descriptor of a page-table page (struct ptdesc, include/linux/mm_types.h). */
export const ptdesc: Struct<TableId, 'ptl' | 'level'> = defineStruct<TableId, 'ptl' | 'level'>(
  'ptdesc',
  { doc: 'struct ptdesc: what the kernel keeps of a page-table page', dense: true },
  {
    ptl: { doc: 'split page-table lock of a PTE or PMD table', discipline: 'lock' },
    level: { doc: '1 = PTE table … 4 = PGD; 0 = a free page' },
  },
);
