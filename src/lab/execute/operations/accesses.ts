import { type Adapters, plain } from './adapter.ts';
import { FUTEX, FUTEX_PRIVATE_FLAG } from './constants.ts';
import type { OperationContext } from './context.ts';
import { newPipe, releasePipe } from './pipes.ts';

/** Bytes read and written, and what user space sees of its pages. */
export const accesses: Adapters = {
  load: plain((context) => context.execute('load', context.address())),
  store: plain((context) => {
    context.wrote(context.address(), 1);
    return context.execute('store', context.address(), context.number('byte'));
  }),
  proc_mem_read: plain((context) => context.execute('mem_read', context.address())),
  proc_mem_write: plain((context) => {
    context.wrote(context.address(), 1);
    return context.execute('mem_write', context.address(), context.number('byte'));
  }),
  peek: plain((context) =>
    context.execute('peek', idOfOther(context), context.address(), context.number('length')),
  ),
  peek_byte: plain((context) => context.execute('peek_byte', idOfOther(context), context.address())),
  poke: plain((context) => {
    context.wrote(context.address(), 1, context.other());
    return context.execute('poke', idOfOther(context), context.address(), context.number('byte'));
  }),
  pipe_write: plain(async (context) => {
    const pipe = await newPipe(context, context.number('length'));
    const result = await context.call('write', pipe.writer, ...context.range());
    await releasePipe(context, pipe);
    return result;
  }),
  pipe_read: plain(async (context) => {
    context.wrote(...context.range());
    const pipe = await newPipe(context, context.number('length'));
    await context.execute('fill', pipe.writer, context.number('length'));
    const result = await context.call('read', pipe.reader, ...context.range());
    await releasePipe(context, pipe);
    return result;
  }),
  pagemap: plain(async (context) => {
    const frame = await context.execute('pagemap', context.address());
    return frame < 0 ? frame : frame - (context.world.devices[context.mapping().device]?.firstFrame ?? 0);
  }),
  mincore: plain((context) => context.execute('mincore', context.address())),
  smaps_rss: plain((context) =>
    context.execute('smaps_rss', context.mapping().address, context.mapping().length),
  ),
  clear_refs: plain((context) =>
    context.execute('put', '/proc/self/clear_refs', `${context.number('value')}`),
  ),
  futex: plain((context) =>
    context.call(
      'futex',
      context.address(),
      (FUTEX[context.word('action')] ?? 0) | (context.flag('private') ? FUTEX_PRIVATE_FLAG : 0),
      context.word('action') === 'wait' ? context.number('expected') : 1,
      0,
    ),
  ),
  remap_file_pages: plain((context) =>
    context.call('remap_file_pages', ...context.range(), 0, context.number('page'), 0),
  ),
};

/** Nobody has this process id: what a process is asked for that does not run. */
const NOBODY = 0x7fffffff;

function idOfOther(context: OperationContext): number {
  return context.other().id ?? NOBODY;
}
