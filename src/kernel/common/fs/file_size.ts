import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { FILE_PAGES } from '../../state/address_space.ts';

/** Bytes that a file can have (super_block.s_maxbytes, which is far more on real file systems). */
export const MAX_FILE_SIZE: number = FILE_PAGES * PAGE_SIZE;
