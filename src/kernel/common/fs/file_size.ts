import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div } from '../../../machine/primitives/own.ts';
import { FILE_PAGES } from '../../state/address_space.ts';

/** Bytes that a file can have (super_block.s_maxbytes, which is far more on real file systems). */
export const MAX_FILE_SIZE: number = FILE_PAGES * PAGE_SIZE;

/** The first page that lies behind byte `offset`, or begins there. */
export function first_whole_page(offset: number): number {
  return div(offset + PAGE_SIZE - 1, PAGE_SIZE);
}

/** Where the page ends that byte `offset` lies in; `offset` itself at the beginning of a page. */
export function page_end(offset: number): number {
  return first_whole_page(offset) * PAGE_SIZE;
}

/** The page that byte `offset` lies in. */
export function page_of(offset: number): number {
  return div(offset, PAGE_SIZE);
}
