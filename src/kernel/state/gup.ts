import { defineStruct, type Struct } from '../../machine/field.ts';

/** struct follow_page_context (mm/gup.c, up to 6.14; later a page_mask alone): what a walk tells besides the page. */
export const follow_page_context: Struct<number, 'page_mask' | 'pgmap'> = defineStruct<
  number,
  'page_mask' | 'pgmap'
>(
  'follow_page_context',
  { doc: 'struct follow_page_context, mm/gup.c; one object, number 0', private: true },
  {
    page_mask: { doc: 'pages of the leaf that the walk ended at, less 1' },
    pgmap: { doc: 'pgmap that the call holds a reference of, plus 1; 0 = none' },
  },
);
