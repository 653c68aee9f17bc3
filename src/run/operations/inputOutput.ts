import { type Adapters, call } from './adapter.ts';
import type { OperationContext } from './context.ts';
import { holding, rangeOf, releasing } from './held.ts';

/** Rings and direct I/O, which pin pages. */
export const inputOutput: Adapters = {
  io_uring_register: {
    plan: (context) => call('io_uring_register_buffers', context.mm, ...rangeOf(context)),
    finish: holding(0),
  },
  io_uring_unregister: releasing('ring', (object) => call('io_uring_unregister', object), 'ENXIO'),
  io_submit: {
    plan: (context) => call('io_submit_direct', context.mm, ...rangeOf(context), isInto(context)),
    finish: holding(1),
  },
  io_getevents: releasing('request', (object) => call('io_getevents', object)),
  odirect_write: { plan: (context) => call('odirect_sync', context.mm, ...rangeOf(context), 0) },
  odirect_read: { plan: (context) => call('odirect_sync', context.mm, ...rangeOf(context), 1) },
};

/** I/O that reads writes into the mapping. */
function isInto(context: OperationContext): number {
  return context.word('access') === 'read' ? 1 : 0;
}
