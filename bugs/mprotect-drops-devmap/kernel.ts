import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_SAVED_DIRTY,
  _PAGE_SOFT_DIRTY,
  _PAGE_SPECIAL,
} from '../../src/kernel/common/include/pgtable_types.ts';

/** Takes the place of _PAGE_CHG_MASK: devmap is not among the flags that stay. */
export const _PAGE_CHG_MASK__without_devmap =
  _PAGE_ACCESSED | _PAGE_DIRTY | _PAGE_SAVED_DIRTY | _PAGE_SPECIAL | _PAGE_SOFT_DIRTY;
