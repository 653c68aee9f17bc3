import type { Brand } from '../../machine/brand.ts';
import { defineStruct, type Struct } from '../../machine/field.ts';

/** Buffers that a pipe has (include/linux/pipe_fs_i.h PIPE_DEF_BUFFERS). */
export const PIPE_BUFFERS = 16;

/** A buffer of a pipe: `holder * PIPE_BUFFERS + position`, the one to be read next at position 0. */
export type PipeBufferId = Brand<'PipeBufferId'>;

/** struct pipe_buffer (include/linux/pipe_fs_i.h); its page is the pipe's page at the same position. */
export const pipe_buffer: Struct<PipeBufferId, 'offset' | 'len'> = defineStruct<
  PipeBufferId,
  'offset' | 'len'
>(
  'pipe_buffer',
  { doc: 'struct pipe_buffer, include/linux/pipe_fs_i.h' },
  {
    offset: { doc: 'where its bytes begin in its page' },
    len: { doc: 'its bytes that were not read yet' },
  },
);
